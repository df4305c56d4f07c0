"""Signing in to the web page: how a session begins, what it may, and how it ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.server.browser import OWN, Page, clock, code, cookie_of, link, page_of, rows, secret_of, sign_in, web
from tests.server.key_calls import Clock
from tests.server.test_rest import Web
from turbo_server.account import key_store, session_store
from turbo_server.account.grants import NEVER, Grant, Lifetime
from turbo_server.account.people_store import remove
from turbo_server.kit.context import Actor
from turbo_server.kit.scope import Scope

__all__ = ["clock", "web"]


@pytest.mark.parametrize(
    ("host", "cookie"),
    [
        ("turbo.test", "__Host-turbo={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000"),
        ("localhost:8080", "turbo={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"),
        ("127.0.0.1:8080", "turbo={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"),
        ("[::1]:8080", "turbo={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"),
        ("localhost.evil.test", "__Host-turbo={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000"),
    ],
)
def test_a_key_begins_a_session(web: Web, host: str, cookie: str) -> None:
    answer = sign_in(web, {**OWN, "Host": host}, key=web.turbo.ada.token)
    secret = secret_of(answer)
    assert answer.headers["set-cookie"] == cookie.format(secret)
    assert answer.headers["cache-control"] == "no-store"
    assert len(secret) == 43
    told = answer.json()
    assert (told["name"], told["workspace"], told["scope"]) == ("ada", "personal", "admin")
    assert secret not in answer.text
    assert secret not in str(rows(web))
    [name, _, _] = cookie.partition("=")
    sent = {"Host": host, "Cookie": f"{name}={secret}", "Sec-Fetch-Site": "same-origin"}
    assert web("GET", "/v1/me", headers=sent).json()["name"] == "ada"
    other = {"__Host-turbo": "turbo", "turbo": "__Host-turbo"}[name]
    assert code(web("GET", "/v1/me", headers={**sent, "Cookie": f"{other}={secret}"})) == "unauthenticated"


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({}, 422, "invalid_arguments"),
        ({"key": "turbo_pat_x", "code": "x"}, 422, "invalid_arguments"),
        ({"key": "turbo_pat_x"}, 401, "unauthenticated"),
        ({"code": "x" * 43}, 401, "sign_in_refused"),
    ],
)
def test_nothing_else_begins_one(web: Web, body: dict[str, Any], status: int, expected: str) -> None:
    answer = sign_in(web, **body)
    assert (answer.status_code, code(answer)) == (status, expected)
    assert "set-cookie" not in answer.headers
    assert rows(web) == []


def test_a_page_does_what_its_key_may(web: Web) -> None:
    web.turbo.call("create_project", key="TURBO", name="x")
    web.turbo.call("create_project", key="OTHER", name="x")
    page = page_of(web, web.turbo.person("ada", Grant(Scope.WRITE, NEVER), ("TURBO",)))
    assert page("POST", "/v1/tools/create_issue", project="TURBO", title="x").status_code == 200
    assert page("POST", "/v1/tools/create_issue", project="OTHER", title="x").status_code == 404
    assert code(page("GET", "/metrics")) == "scope_missing"
    assert page("GET", "/v1/events").json()["items"]
    assert [each["key"] for each in page("POST", "/v1/tools/list_projects").json()["items"]] == ["TURBO"]


def _revoke(web: Web, clock: Clock, actor: Actor) -> None:
    web.turbo.run(web.turbo.with_database(lambda db: key_store.revoke(db, actor.key_id, clock.now)))


def _remove(web: Web, clock: Clock, actor: Actor) -> None:
    web.turbo.run(web.turbo.with_database(lambda db: remove(db, actor.workspace_id, actor.account_id, clock.now)))


ENDS: dict[str, Callable[[Web, Clock, Actor], None]] = {
    "unused for 8 hours": lambda _web, clock, _actor: clock.forward(hours=8, minutes=1),
    "its key expired": lambda _web, clock, _actor: clock.forward(hours=7),
    "its key was revoked": _revoke,
    "its person was removed": _remove,
}


@pytest.mark.parametrize("end", ENDS)
def test_a_session_ends(web: Web, clock: Clock, end: str) -> None:
    lifetime = Lifetime(clock.now + timedelta(hours=6)) if end == "its key expired" else NEVER
    page = page_of(web, web.turbo.person("jonas", Grant(Scope.WRITE, lifetime)))
    actor = page.actor
    assert actor.name == "jonas"
    ENDS[end](web, clock, actor)
    assert page.refusal() == "session_ended"


def test_one_that_is_used_lasts_30_days(web: Web, clock: Clock) -> None:
    page = page_of(web, web.turbo.person("jonas", Grant(Scope.WRITE, NEVER)))
    start = clock.now
    while clock.now - start < timedelta(days=29, hours=16):
        clock.forward(hours=7)
        assert page.actor.name == "jonas"
    clock.forward(hours=9)
    assert page.refusal() == "session_ended"


def test_signing_out(web: Web) -> None:
    page, other = page_of(web, web.turbo.ada), page_of(web, web.turbo.ada)
    shown = page("GET", "/v1/session").json()["items"]
    assert [each["is_current"] for each in shown] == [True, False]
    answer = page("DELETE", "/v1/session")
    assert answer.json() == {"ended": 1}
    assert answer.headers["set-cookie"].startswith("__Host-turbo=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
    assert code(page("GET", "/v1/me")) == "session_ended"
    assert other("GET", "/v1/me").status_code == 200
    [left] = other("GET", "/v1/session").json()["items"]
    assert left["is_current"]
    happened = web.turbo.call("read_audit", action="signed_out")["items"]
    assert len(happened) == 1
    assert len(web.turbo.call("read_audit", action="signed_in")["items"]) == 2


def test_a_person_ends_a_session_elsewhere_and_not_anothers(web: Web) -> None:
    page, elsewhere = page_of(web, web.turbo.ada), page_of(web, web.turbo.person("ada"))
    jonas = page_of(web, web.turbo.person("jonas"))
    reader = page_of(web, web.turbo.person("ada", Grant(Scope.READ, NEVER)))
    numbers = [each["id"] for each in page("GET", "/v1/session").json()["items"]]
    assert len(numbers) == 3
    assert [each["is_current"] for each in reader("GET", "/v1/session").json()["items"]] == [True]
    for who in (jonas, reader):
        answer = who("DELETE", "/v1/session", id=numbers[1])
        assert (answer.status_code, code(answer)) == (404, "session_not_found")
    answer = page("DELETE", "/v1/session", id=numbers[1])
    assert answer.json() == {"ended": 1}
    assert "set-cookie" not in answer.headers
    assert code(elsewhere("GET", "/v1/me")) == "session_ended"


def test_a_key_ends_all_its_sessions(web: Web) -> None:
    pages = [page_of(web, web.turbo.ada), page_of(web, web.turbo.ada)]
    link(web, web.turbo.ada)
    assert web.turbo.ada.ask("DELETE", "/v1/session") == {"ended": 2}
    assert [code(page("GET", "/v1/me")) for page in pages] == ["session_ended", "session_ended"]


def test_signing_in_again_ends_the_session_before(web: Web) -> None:
    page = page_of(web, web.turbo.ada)
    answer = web("POST", "/v1/session", json={"key": web.turbo.ada.token}, headers={**OWN, **cookie_of(page)})
    assert code(page("GET", "/v1/me")) == "session_ended"
    assert Page(web, secret_of(answer))("GET", "/v1/me").status_code == 200


def test_a_link_signs_in_once(web: Web) -> None:
    made = link(web, web.turbo.person("jonas", Grant(Scope.WRITE, NEVER)))
    assert made["page"] == "https://web.example"
    assert made["code"] not in str(rows(web))
    first, second = sign_in(web, code=made["code"]), sign_in(web, code=made["code"])
    assert (first.status_code, first.json()["name"], first.json()["scope"]) == (200, "jonas", "write")
    assert (second.status_code, code(second)) == (401, "sign_in_refused")
    assert Page(web, secret_of(first))("GET", "/v1/me").json()["name"] == "jonas"
    assert len(rows(web)) == 1


def test_a_code_is_no_session_before_it_is_used(web: Web) -> None:
    made = link(web, web.turbo.ada)
    assert code(Page(web, made["code"])("GET", "/v1/me")) == "session_ended"
    assert web.turbo.ada.ask("GET", "/v1/session") == {"items": []}


def test_a_link_lasts_a_minute_and_no_longer_than_its_key(web: Web, clock: Clock) -> None:
    clock.forward(seconds=-61)  # the links are made by this clock, and used by that of the server
    caller = web.turbo.ada
    old = caller.ask("POST", "/v1/session/link")
    clock.forward(seconds=61)
    person = web.turbo.person("jonas")
    revoked = link(web, person)
    key_id = web.turbo.run(web.turbo.runner.identify(person.token, person.caller)).key_id
    web.turbo.run(web.turbo.with_database(lambda db: key_store.revoke(db, key_id, clock.now)))
    for made in (old, revoked):
        answer = sign_in(web, code=made["code"])
        assert (answer.status_code, code(answer)) == (401, "sign_in_refused")


def test_a_page_makes_no_link(web: Web) -> None:
    answer = page_of(web, web.turbo.ada)("POST", "/v1/session/link")
    assert (answer.status_code, code(answer)) == (403, "key_needed")


def test_sessions_that_nobody_uses_make_room(web: Web, clock: Clock) -> None:
    async def fill(db: Any) -> None:
        for number in range(session_store.MOST_OF_A_KEY + 5):
            await session_store.add(db, (1, 1), clock.now, clock.now + timedelta(days=1), secret=str(number))

    web.turbo.run(web.turbo.with_database(fill))
    assert len(rows(web)) == session_store.MOST_OF_A_KEY
    assert rows(web)[0]["hash"] == "5"
    clock.forward(days=1, seconds=1)
    web.turbo.ada.ask("POST", "/v1/session/link")
    assert len(rows(web)) == 1


def test_a_call_without_a_cookie_asks_for_no_session(web: Web) -> None:
    web("GET", "/v1/me", headers=web.bearer)
    with web.turbo.counting() as statements:
        assert web("GET", "/v1/me", headers={**web.bearer, "Cookie": "theme=dark"}).status_code == 200
    assert len(statements) == 1
    page = page_of(web, web.turbo.ada)
    with web.turbo.counting() as statements:
        page("GET", "/v1/me")
    assert len(statements) == 1


def test_a_link_does_not_turn_the_page_of_one_person_into_that_of_another(web: Web) -> None:
    """Or who knows your server sends you one of theirs, and what you write then is written in their name."""
    page, theirs = page_of(web, web.turbo.ada), link(web, web.turbo.person("mallory", Grant(Scope.WRITE, NEVER)))
    answer = web("POST", "/v1/session", json={"code": theirs["code"]}, headers={**OWN, **cookie_of(page)})
    assert (answer.status_code, code(answer)) == (409, "signed_in_already")
    assert "ada" in answer.json()["error"]["message"]
    assert "set-cookie" not in answer.headers
    assert page("GET", "/v1/me").json()["name"] == "ada"
    page("DELETE", "/v1/session")
    answer = web("POST", "/v1/session", json={"code": theirs["code"]}, headers={**OWN, **cookie_of(page)})
    assert answer.json()["name"] == "mallory"  # it was not used up


def test_ones_own_link_begins_a_new_session_in_place_of_the_one_before(web: Web) -> None:
    page, own = page_of(web, web.turbo.ada), link(web, web.turbo.ada)
    answer = web("POST", "/v1/session", json={"code": own["code"]}, headers={**OWN, **cookie_of(page)})
    assert answer.json()["name"] == "ada"
    assert code(page("GET", "/v1/me")) == "session_ended"
