"""Every address of the server: who gets in. A route without a key, or one that forgets to look, fails here."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.server.browser import OWN, page_of
from tests.server.harness import Turbo
from tests.server.test_rest import Web
from turbo_server.account import key_store
from turbo_server.account.grants import Grant, Lifetime
from turbo_server.account.token import mint
from turbo_server.app import create_app
from turbo_server.catalogue import ENDPOINTS, Catalogue
from turbo_server.doors.pages import Pages
from turbo_server.doors.routes import Admission, Keyed, Open
from turbo_server.kit.scope import Scope
from turbo_server.relation.graph import GRAPH
from turbo_server.settings import Settings

# The last two take invitations, and keys and codes, in their own way. The first are the files of the web page.
OPEN_TO_ALL = {"/{path:path}", "/health", "/ready", "/openapi.json", "/v1/join", "/v1/session"}
VERBS = {
    **{("POST", f"/v1/tools/{name}"): tool.needs for name, tool in Catalogue().tools.items()},
    **{(each.method, each.path): each.tool.needs for each in (*ENDPOINTS, GRAPH)},
    ("GET", "/v1/tools"): Scope.READ,
    ("GET", "/v1/me"): Scope.READ,
    ("GET", "/metrics"): Scope.ADMIN,
}


@pytest.fixture
def web(turbo: Turbo) -> Iterator[Web]:
    web = Web(turbo)
    yield web
    turbo.run(web.client.aclose())


def addresses(turbo: Turbo) -> set[tuple[str, str]]:
    routes = [route for route in turbo.app.routes if isinstance(route, Keyed)]
    return {(method, route.path) for route in routes for method in (route.methods or set()) - {"HEAD"}}


def test_every_route_is_open_by_name_or_behind_a_key() -> None:
    app = create_app(Settings(database_url="sqlite:///unused.db", graph_enabled=True))
    assert {type(route) for route in app.routes} == {Open, Keyed, Pages}
    assert {route.path for route in app.routes if isinstance(route, Open)} == OPEN_TO_ALL
    keyed = {(method, route.path) for route in app.routes if isinstance(route, Keyed) for method in route.methods or ()}
    named = {(method, "/v1/tools/{name}" if path.startswith("/v1/tools/") else path) for method, path in VERBS}
    assert {each for each in keyed if each[0] != "HEAD"} == named


def keys_that_open_nothing(turbo: Turbo) -> dict[str, tuple[str | None, str]]:
    """With the code of the refusal."""
    ended = Lifetime(datetime.now(UTC) - timedelta(seconds=1))
    expired = turbo.person("ada", Grant(Scope.ADMIN, ended)).token
    revoked, both = turbo.person("ada").token, turbo.person("ada", Grant(Scope.ADMIN, ended)).token

    async def revoke() -> None:
        async with turbo.runner.database.connection() as db:
            for row in await key_store.everything(db):
                if row["last4"] in (revoked[-4:], both[-4:]):
                    assert await key_store.revoke(db, row["id"], turbo.runner.clock())

    turbo.run(revoke())
    unknown = "unauthenticated"
    return {
        "none": (None, unknown), "garbage": ("turbo_pat_x", unknown), "unknown": (mint(), unknown),
        "revoked": (revoked, unknown), "revoked and expired": (both, unknown), "expired": (expired, "key_expired"),
    }  # fmt: skip


def test_no_address_answers_a_key_that_opens_nothing(web: Web) -> None:
    wanted = {(method, path) for method, path in VERBS if path != GRAPH.path}
    for name, (token, code) in keys_that_open_nothing(web.turbo).items():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        bodies = set()
        for method, path in wanted:
            answer = web(method, path, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, code), (name, method, path)
            bodies.add(answer.content)
        assert len(bodies) == 1, name
        assert token is None or token.encode() not in b"".join(bodies)


def test_no_address_answers_a_cookie_that_opens_nothing_or_comes_from_elsewhere(web: Web) -> None:
    page = page_of(web, web.turbo.ada)
    own = {"Cookie": f"__Host-turbo={page.secret}", "Content-Type": "application/json"}
    dead = ("", "x", "x" * 43, web.turbo.ada.token)
    for status, code, headers in (
        (403, "foreign_origin", {**own, "Sec-Fetch-Site": "cross-site"}),
        (400, "mixed_credentials", {**own, **OWN, **web.bearer}),
        (403, "json_only", {**own, **OWN, "Content-Type": "text/plain"}),
        *((401, "session_ended", {**OWN, "Cookie": f"__Host-turbo={secret}"}) for secret in dead),
    ):
        bodies = set()
        for method, path in VERBS:
            if path == GRAPH.path or (code == "json_only" and method == "GET"):
                continue
            answer = web(method, path, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), (method, path)
            bodies.add(answer.content)
        assert len(bodies) == 1


@pytest.mark.parametrize("by", ["key", "cookie"])
def test_no_verb_is_done_with_a_key_of_too_small_a_scope(web: Web, by: str) -> None:
    """The arguments are not even looked at: what is sent here is no JSON."""
    reader = web.turbo.person("ada", Grant(Scope.READ, Lifetime()))
    headers = {"Authorization": f"Bearer {reader.token}"}
    if by == "cookie":
        headers = {**OWN, "Cookie": f"__Host-turbo={page_of(web, reader).secret}"}
    for (method, path), needed in VERBS.items():
        if path == GRAPH.path:
            continue
        answer = web(method, path, headers=headers, content=b"{" if method != "GET" else None)
        if needed is Scope.READ:
            assert answer.status_code in (200, 422), (method, path, answer.text)
        else:
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (403, "scope_missing"), (method, path)
            assert f"--scope {needed}" in error["hint"]


def test_a_handler_that_forgets_the_key_sends_nothing(web: Web) -> None:
    async def forgetful(_request: Request, _admission: Admission) -> Response:
        return Response(b"secret")

    web.turbo.app.router.routes.insert(0, Keyed("/v1/forgotten", forgetful, web.turbo.runner, methods=["GET"]))
    for headers in ({}, web.bearer):
        answer = web("GET", "/v1/forgotten", headers=headers)
        assert answer.status_code == 401
        assert b"secret" not in answer.content


def test_a_key_that_reads_is_shown_the_tools_that_read(web: Web) -> None:
    reader = web.turbo.person("ada", Grant(Scope.READ, Lifetime()))
    listed: dict[str, httpx.Response] = {}
    for name, token in (("admin", web.turbo.ada.token), ("read", reader.token)):
        listed[name] = web("GET", "/v1/tools", headers={"Authorization": f"Bearer {token}"})
    reads = [name for name, tool in Catalogue().tools.items() if tool.needs is Scope.READ]
    writes = set(Catalogue().tools) - set(reads)
    assert [tool["name"] for tool in listed["read"].json()["tools"]] == reads
    assert all(tool["annotations"]["readOnlyHint"] for tool in listed["read"].json()["tools"])
    words = listed["read"].json()["instructions"]
    assert [name for name in writes if name in words] == []
    assert [name for name in reads if name not in words] == []
    assert "may only read" in words
    etags = {name: answer.headers["ETag"] for name, answer in listed.items()}
    assert etags["read"] == etags["admin"][:-1] + '.read"'
    again = {"Authorization": f"Bearer {reader.token}", "If-None-Match": etags["admin"]}
    assert web("GET", "/v1/tools", headers=again).status_code == 200
    assert web("GET", "/v1/tools", headers={**again, "If-None-Match": etags["read"]}).status_code == 304
    assert "ends on" not in words
    unknown = json.loads(web("POST", "/v1/tools/creat_issue", json={}, headers=again).content)
    assert "create_issue" not in unknown["error"]["hint"]


def test_a_session_is_told_when_its_key_ends_soon(web: Web) -> None:
    soon, later = (datetime.now(UTC) + timedelta(days=days) for days in (10, 20))
    told = {}
    for end in (soon, later):
        token = web.turbo.person("ada", Grant(Scope.WRITE, Lifetime(end))).token
        told[end] = web("GET", "/v1/tools", headers={"Authorization": f"Bearer {token}"})
    assert f"ends on {soon.date()}" in told[soon].json()["instructions"]
    assert "ends on" not in told[later].json()["instructions"]
    assert told[soon].headers["ETag"] == told[later].headers["ETag"][:-1] + f'.{soon.date()}"'


@pytest.mark.parametrize(
    "path", ["/v1/me/", "/v1/tools/", "/v1/session/", "/health/", "/openapi.json/", "/v1/tools/get_status/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_address_leads_to_another(web: Web, method: str, path: str) -> None:
    """Behind TLS it would lead to http://, and a program that follows would send its key there."""
    answer = web(method, path, headers={"Host": "elsewhere.test", **web.bearer})
    assert (answer.status_code, answer.json()["error"]["code"]) in ((404, "not_found"), (405, "method_not_allowed"))
    assert "location" not in answer.headers


def test_nobody_on_the_way_keeps_an_answer_that_is_for_one_person(web: Web) -> None:
    """A cache in front of the server, which knows nothing of cookies, would give it to the next who asks."""
    page = page_of(web, web.turbo.ada)
    read = sorted(path for method, path in addresses(web.turbo) if method == "GET")
    assert "/v1/me" in read
    for path in read:
        for answer in (page("GET", path), web("GET", path, headers=web.bearer), web("GET", path)):
            assert answer.headers["cache-control"] in ("no-store", "private, no-cache"), (path, answer.status_code)
