"""The HTTP door, in this process: who is let in, what the headers say, how failures look."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.server.harness import Turbo
from turbo_server.account import key_store
from turbo_server.account.token import mint
from turbo_server.catalogue import Catalogue
from turbo_server.doors import bodies
from turbo_server.doors.openapi import openapi_document
from turbo_server.migrations.version import head


class Web:
    """HTTP requests to the application, without a socket between."""

    def __init__(self, turbo: Turbo) -> None:
        self.turbo = turbo
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(turbo.app), base_url="http://turbo.test")
        self.bearer = {"Authorization": f"Bearer {turbo.ada.token}"}

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.turbo.run(self.client.request(method, path, **options))


@pytest.fixture
def web(turbo: Turbo) -> Iterator[Web]:
    web = Web(turbo)
    yield web
    turbo.run(web.client.aclose())


def test_health_needs_neither_key_nor_database(web: Web) -> None:
    with web.turbo.counting() as statements:
        assert web("GET", "/health").json() == {"status": "ok"}
    assert statements == []


def test_ready_names_the_migration(web: Web) -> None:
    assert web("GET", "/ready").json()["migration"] == head()


def refused_keys(turbo: Turbo) -> dict[str, dict[str, str]]:
    revoked = turbo.person("ada")

    async def revoke() -> None:
        async with turbo.runner.database.connection() as db:
            row = next(key for key in await key_store.everything(db) if key["last4"] == revoked.token[-4:])
            assert await key_store.revoke(db, row["id"], turbo.runner.clock())

    turbo.run(revoke())
    right = turbo.ada.token
    return {
        "none": {},
        "unknown": {"Authorization": f"Bearer {mint()}"},
        "revoked": {"Authorization": f"Bearer {revoked.token}"},
        "mistyped": {"Authorization": f"Bearer {right[:-1]}{'a' if right[-1] != 'a' else 'b'}"},
        "truncated": {"Authorization": f"Bearer {right[:20]}"},
        "other scheme": {"Authorization": f"Basic {right}"},
        "empty": {"Authorization": "Bearer "},
        "not ascii": {"X-API-Key": "schlüssel"},
        "wrong bearer beside right key": {"Authorization": f"Bearer {mint()}", "X-API-Key": right},
    }


def test_wrong_revoked_and_malformed_keys_get_one_and_the_same_401(web: Web) -> None:
    answers = set()
    for headers in refused_keys(web.turbo).values():
        for method, path in (("POST", "/v1/tools/list_projects"), ("GET", "/v1/me"), ("GET", "/v1/tools")):
            encoded = {name: value.encode() for name, value in headers.items()}
            answer = web(method, path, headers=encoded)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            answers.add((answer.status_code, answer.content))
    assert len(answers) == 1
    status, body = answers.pop()
    assert status == 401
    assert json.loads(body)["error"]["code"] == "unauthenticated"


def test_a_malformed_key_asks_no_database(web: Web) -> None:
    with web.turbo.counting() as statements:
        assert web("GET", "/v1/me", headers={"X-API-Key": "turbo_pat_x"}).status_code == 401
    assert statements == []


def test_both_headers_open_the_door(web: Web) -> None:
    for headers in (web.bearer, {"X-API-Key": web.turbo.ada.token}):
        me = web("GET", "/v1/me", headers=headers).json()
        assert (me["name"], me["key"]["last4"]) == ("ada", web.turbo.ada.token[-4:])


def test_the_catalogue_is_revalidated_by_its_etag(web: Web) -> None:
    first = web("GET", "/v1/tools", headers=web.bearer)
    etag = first.headers["ETag"]
    assert [tool["name"] for tool in first.json()["tools"]] == list(Catalogue().tools)
    again = web("GET", "/v1/tools", headers={**web.bearer, "If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert web("GET", "/v1/tools", headers={**web.bearer, "If-None-Match": '"other"'}).status_code == 200
    called = web("POST", "/v1/tools/list_projects", json={}, headers=web.bearer)
    assert called.headers["Turbo-Catalogue"] == etag


def test_a_selection_of_toolsets_is_revalidated_by_an_etag_of_its_own(web: Web) -> None:
    everything = web("GET", "/v1/tools", headers=web.bearer).headers["ETag"]
    core = web("GET", "/v1/tools?toolsets=core", headers=web.bearer)
    tools = Catalogue().tools.values()
    assert [each["name"] for each in core.json()["tools"]] == [each.name for each in tools if each.toolset == "core"]
    assert core.headers["ETag"] == everything[:-1] + '.core"'
    for etag, status in ((core.headers["ETag"], 304), (everything, 200)):
        again = web("GET", "/v1/tools?toolsets=Core", headers={**web.bearer, "If-None-Match": etag})
        assert again.status_code == status
    refused = web("GET", "/v1/tools?toolsets=core,pln", headers=web.bearer)
    assert refused.status_code == 422
    assert "Did you mean plan?" in refused.json()["error"]["hint"]


def test_an_unknown_tool_or_address_answers_in_the_envelope(web: Web) -> None:
    unknown = web("POST", "/v1/tools/creat_issue", json={}, headers=web.bearer)
    assert unknown.status_code == 404
    assert unknown.json()["error"] == {
        "code": "tool_not_found",
        "message": "There is no tool 'creat_issue'.",
        "hint": "Did you mean create_issue or create_issues?",
    }
    assert web("GET", "/nowhere").json()["error"]["code"] == "not_found"
    assert web("GET", "/v1/tools/list_projects").status_code == 405
    assert web("GET", "/v1/tools/list_projects").json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_one_mebibyte_is_refused(web: Web, declared: bool) -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 64 * 1024

    content: Any = b"x" * (1024 * 1024 + 1) if declared else pieces()
    answer = web("POST", "/v1/tools/list_projects", content=content, headers=web.bearer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_large_body_without_a_key_is_not_read_to_its_end(web: Web) -> None:
    read: list[int] = []

    async def pieces() -> Any:
        for number in range(16):
            read.append(number)
            yield b" " * 32 * 1024

    answer = web("POST", "/v1/tools/list_projects", content=pieces())
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")
    assert len(read) < 6


def test_a_body_that_does_not_end_is_given_up(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def pieces() -> Any:
        yield b"{"
        await asyncio.Event().wait()

    answer = web("POST", "/v1/tools/list_projects", content=pieces(), headers=web.bearer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (408, "too_slow")
    assert answer.headers["Connection"] == "close"


def test_nonsense_in_the_callers_headers_is_ignored(web: Web) -> None:
    headers = {**web.bearer, "Turbo-Machine": "x" * 5_000, "Turbo-Session": "a\tb", "Turbo-UTC-Offset": "1e9"}
    assert web("POST", "/v1/tools/create_project", json={"key": "AB", "name": "x"}, headers=headers).status_code == 200
    web("POST", "/v1/tools/create_issue", json={"project": "AB", "title": "x"}, headers=headers)
    item = web("POST", "/v1/tools/get_item", json={"key": "AB-1"}, headers=headers).json()
    assert "machine" not in item
    assert "session" not in item


def test_a_defect_answers_one_plain_sentence(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("turbo_server.project.store.page", broken)
    answer = web("POST", "/v1/tools/list_projects", json={}, headers=web.bearer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert b"secret" not in answer.content


def test_the_openapi_document_has_an_operation_for_every_tool_and_route(web: Web) -> None:
    document = web("GET", "/openapi.json").json()
    assert document == json.loads(json.dumps(openapi_document(web.turbo.app.state.catalogue)))
    tools = {path.rpartition("/")[2] for path in document["paths"] if path.startswith("/v1/tools/")}
    assert tools == set(web.turbo.app.state.catalogue.tools)
    assert {"/health", "/ready", "/v1/me", "/v1/tools"} <= set(document["paths"])
