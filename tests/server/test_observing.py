"""What is told of a request from outside of it: its id, its line in the log, its numbers."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.harness import Turbo
from tests.server.test_rest import Web
from turbo_server.account.grants import Grant, Lifetime
from turbo_server.doors.health import health_routes
from turbo_server.kit.database_errors import DatabaseUnavailable
from turbo_server.kit.scope import Scope
from turbo_server.logs import JsonLines

ON_ONE = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
pytestmark = ON_ONE
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+')


@pytest.fixture
def web(turbo: Turbo) -> Iterator[Web]:
    web = Web(turbo)
    yield web
    turbo.run(web.client.aclose())


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """The log's lines of requests so far, as JSON."""
    caplog.set_level(logging.DEBUG, "turbo_server")
    logger = "turbo_server.requests"
    return lambda: [json.loads(JsonLines().format(each)) for each in caplog.records if each.name == logger]


def numbers(web: Web) -> dict[str, float]:
    text = web("GET", "/metrics", headers=web.bearer).text
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in samples if not SAMPLE.fullmatch(line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in samples)}


def test_every_answer_has_an_id_of_its_own(web: Web) -> None:
    answers = [web("GET", path, headers=web.bearer) for path in ("/health", "/v1/me", "/nowhere", "/v1/tools/x")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(ids)) == 4
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in ids)


@pytest.mark.parametrize(
    ("behind", "given", "taken"),
    [
        (True, ["01HXYZABCDEF-iad"], True),
        (False, ["01HXYZABCDEF-iad"], False),
        (True, ["01HXYZABCDEF-iad", "01HXYZABCDEG-iad"], False),
        (True, ["x" * 65], False),
        (True, ['a"} 1\\n{x="'], False),
        (True, [""], False),
    ],
)
def test_the_id_of_flys_proxy_is_kept_where_it_stands_in_front(
    database_url: str, behind: bool, given: list[str], taken: bool
) -> None:
    with Turbo(database_url, behind_fly=behind) as turbo:
        web = Web(turbo)
        answer = web("GET", "/health", headers=[("Fly-Request-Id", each) for each in given])
        assert (answer.headers["X-Request-Id"] == given[0]) is taken
        turbo.run(web.client.aclose())


def test_a_line_names_route_and_key_and_holds_no_word_of_the_caller(web: Web, lines: Any) -> None:
    body = {"key": "AB", "name": "Sesame project", "description": "opensesame"}
    answer = web("POST", "/v1/tools/create_project?sesame=1", json=body, headers={**web.bearer, "X-Sesame": "sesame"})
    (line,) = lines()
    assert line.pop("ms") > 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info", "logger": "turbo_server.requests", "message": "POST /v1/tools/{name}", "method": "POST",
        "route": "/v1/tools/{name}", "tool": "create_project", "status": 200, "key_id": 1, "replayed": False,
        "request_id": answer.headers["X-Request-Id"], "error": None,
    }  # fmt: skip


def test_an_unknown_address_or_tool_is_not_repeated_in_the_log(web: Web, lines: Any) -> None:
    web("GET", "/sesame?sesame=1")
    web("SESAME", "/v1/me")
    web("POST", "/v1/tools/sesame", json={"sesame": 1}, headers=web.bearer)
    told = lines()
    assert [(line["route"], line["tool"], line["status"]) for line in told] == [
        ("/{path:path}", None, 404), ("/v1/me", None, 405), ("/v1/tools/{name}", None, 404)
    ]  # fmt: skip
    assert "sesame" not in json.dumps(told).lower()


def test_health_is_told_to_those_who_look_closely(web: Web, lines: Any) -> None:
    web("GET", "/health")
    assert [line["level"] for line in lines()] == ["debug"]


def test_a_replay_and_a_refusal_are_told(web: Web, lines: Any) -> None:
    headers = {**web.bearer, "Idempotency-Key": "k1"}
    for _ in range(2):
        web("POST", "/v1/tools/create_project", json={"key": "AB", "name": "x"}, headers=headers)
    web("GET", "/v1/me", headers={"X-API-Key": "x"})
    assert [(line["replayed"], line["error"]) for line in lines()] == [
        (False, None), (True, None), (False, "unauthenticated")
    ]  # fmt: skip


def test_a_defect_names_the_request_in_log_and_answer(
    web: Web, lines: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("turbo_server.project.store.page", broken)
    answer = web("POST", "/v1/tools/list_projects", json={}, headers=web.bearer)
    request_id = answer.headers["X-Request-Id"]
    assert f"under request {request_id}" in answer.json()["error"]["hint"]
    failures = [JsonLines().format(each) for each in caplog.records if each.exc_info]
    assert [json.loads(line)["request_id"] for line in failures] == [request_id]
    assert [(line["level"], line["status"], line["error"]) for line in lines()] == [("warning", 500, "internal_error")]


def test_a_defect_outside_of_every_tool_is_answered_alike(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("turbo_server.doors.health.stored_schema", broken)
    answer = web("GET", "/ready")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert answer.headers["X-Request-Id"] in answer.json()["error"]["hint"]


def test_metrics_want_an_admin_key(web: Web) -> None:
    writer = web.turbo.person("ada", Grant(Scope.WRITE, Lifetime()))
    assert web("GET", "/metrics").status_code == 401
    assert web("GET", "/metrics", headers=web.bearer).status_code == 200
    refused = web("GET", "/metrics", headers={"Authorization": f"Bearer {writer.token}"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing")


def test_the_numbers_add_up(web: Web) -> None:
    call = ("POST", "/v1/tools/create_project")
    headers = {**web.bearer, "Idempotency-Key": "k1"}
    for _ in range(3):
        web(*call, json={"key": "AB", "name": "x"}, headers=headers)
    web(*call, json={}, headers=web.bearer)
    web("GET", "/health")
    found = numbers(web)
    labels = 'method="POST",route="/v1/tools/{name}",tool="create_project"'
    assert found[f'turbo_requests_total{{{labels},status="200"}}'] == 3
    assert found[f'turbo_requests_total{{{labels},status="422"}}'] == 1
    assert found["turbo_replays_total"] == 2
    of_tool = 'route="/v1/tools/{name}",tool="create_project"'
    assert found[f"turbo_request_seconds_count{{{of_tool}}}"] == 4
    assert found[f'turbo_request_seconds_bucket{{{of_tool},le="+Inf"}}'] == 4
    assert found[f"turbo_request_seconds_sum{{{of_tool}}}"] > 0
    assert found['turbo_database_connections{state="in_use"}'] == 0
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert found["process_cpu_seconds_total"] > 0


def test_refusals_for_a_limit_and_database_errors_are_counted(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Turbo(database_url, creations_per_hour=1) as turbo:
        web = Web(turbo)
        for key in ("AB", "CD", "EF"):
            web("POST", "/v1/tools/create_project", json={"key": key, "name": "x"}, headers=web.bearer)

        async def away(*_: object, **__: object) -> None:
            raise DatabaseUnavailable

        with monkeypatch.context() as patch:
            patch.setattr("turbo_server.project.store.page", away)
            web("POST", "/v1/tools/list_projects", json={}, headers=web.bearer)
        found = numbers(web)
        turbo.run(web.client.aclose())
    assert found['turbo_limited_total{limit="too_many_creations"}'] == 2
    assert found['turbo_database_errors_total{error="database_unavailable"}'] == 1


def test_connections_in_use_and_waited_for_are_counted(turbo: Turbo) -> None:
    database = turbo.runner.database
    assert health_routes(database)

    async def play() -> tuple[int, int]:
        async with database.connection():
            held = database.in_use  # type: ignore[attr-defined]
        return held, database.in_use  # type: ignore[attr-defined]

    assert turbo.run(play()) == (1, 0)
