"""The same write again, through real doors: over HTTP, through the stdio proxy and a broken network, after a kill."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.faults.proxy import FaultProxy, running
from tests.client.session import Session
from tests.server.harness import Turbo
from tests.server.live import NO_TLS, LiveServer, clean_environment, free_port, live_server
from tests.server.live import running as running_server
from turbo_server.kit.sql import sql

CALLS = 10  # behind the broken network; ten thousand of them are in bench/faults


@pytest.fixture
def server(server: LiveServer) -> LiveServer:
    server.call("create_project", key="TURBO", name="Turbo")
    return server


def post(url: str, server: LiveServer, key: str, title: str = "First") -> httpx.Response:
    headers = {**server.headers, "Idempotency-Key": key}
    body = {"project": "TURBO", "title": title}
    return httpx.post(f"{url}/v1/tools/create_issue", json=body, headers=headers, timeout=30, verify=NO_TLS)


def titles(server: LiveServer) -> list[str]:
    return [row["title"] for row in server.call("list_issues", project="TURBO", sort="key", limit=50)["items"]]


def test_a_hundred_requests_with_one_key_are_one(server: LiveServer) -> None:
    with ThreadPoolExecutor(25) as threads:
        answers = list(threads.map(lambda _: post(server.url, server, "k1"), range(100)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert titles(server) == ["First"]


@pytest.mark.parametrize("shared", ["postgres"], indirect=True)
def test_a_hundred_requests_to_two_servers_on_one_database_are_one(server: LiveServer, tmp_path: Path) -> None:
    port = str(free_port())
    with running_server({**server.environment, "API_PORT": port}):
        urls = [server.url, f"http://127.0.0.1:{port}"]
        with ThreadPoolExecutor(25) as threads:
            answers = list(threads.map(lambda number: post(urls[number % 2], server, "k1"), range(100)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert titles(server) == ["First"]


def test_every_answer_says_how_long_the_promise_holds(server: LiveServer) -> None:
    def of(method: str, path: str, **options: Any) -> str:
        answer = httpx.request(method, f"{server.url}{path}", verify=NO_TLS, **options)
        return answer.headers["Turbo-Idempotency"]

    seconds = str(30 * 24 * 3600)
    assert of("GET", "/health") == seconds
    assert of("GET", "/v1/tools", headers=server.headers) == seconds
    etag = httpx.get(f"{server.url}/v1/tools", headers=server.headers, verify=NO_TLS).headers["ETag"]
    assert of("GET", "/v1/tools", headers={**server.headers, "If-None-Match": etag}) == seconds
    assert of("POST", "/v1/tools/list_projects", json={}, headers=server.headers) == seconds
    assert of("POST", "/v1/tools/list_projects", json={}) == seconds


@pytest.mark.parametrize("headers", [[("Idempotency-Key", "a"), ("Idempotency-Key", "b")], [("Idempotency-Key", "")]])
def test_two_keys_or_an_empty_one_are_refused(server: LiveServer, headers: list[tuple[str, str]]) -> None:
    answer = httpx.post(
        f"{server.url}/v1/tools/create_issue",
        json={"project": "TURBO", "title": "First"},
        headers=[*server.headers.items(), *headers],
        verify=NO_TLS,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_idempotency_key")
    assert titles(server) == []


@pytest.fixture
def own_server(database_url: str, tmp_path: Path) -> Iterator[LiveServer]:
    """For what may leave a late request behind."""
    with live_server(database_url, tmp_path) as live:
        live.call("create_project", key="TURBO", name="Turbo")
        yield live


def test_a_session_behind_a_broken_network_writes_each_thing_once(own_server: LiveServer) -> None:
    server = own_server
    proxy = FaultProxy([int(server.url.rpartition(":")[2])], seed=5, share=0)
    with running(proxy):
        ours = {"TURBO_API_URL": f"http://127.0.0.1:{proxy.port}", "TURBO_API_KEY": server.key}
        with Session({**server.environment, **ours}) as session:
            session.initialize()
            session.notification("notifications/tools/list_changed")
            proxy.share = 0.5
            calls = [{"name": "create_issue", "arguments": {"project": "TURBO", "title": str(n)}} for n in range(CALLS)]
            asked = [session.start("tools/call", call) for call in calls]
            results = [answer_in_time(session, number)["result"] for number in asked]
    assert [result["isError"] for result in results] == [False] * CALLS
    keys = {result["structuredContent"]["key"] for result in results}
    assert keys == {f"TURBO-{number}" for number in range(1, CALLS + 1)}, "each once, and no gap"
    assert sorted(titles(server), key=int) == [str(number) for number in range(CALLS)]
    assert sum(proxy.given.values()) >= 3


def answer_in_time(session: Session, number: int) -> dict[str, Any]:
    return session.wait_for(lambda message: message.get("id") == number, 50)


def test_a_server_killed_before_the_commit_leaves_nothing(new_database: Callable[[], str], tmp_path: Path) -> None:
    url, key = new_database(), str(uuid.uuid4())
    with Turbo(url) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        token = turbo.ada.token
    command = [sys.executable, "-m", "tests.server.stalled_call", url, token, key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=clean_environment(tmp_path)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.kill()
    with Turbo(url) as turbo:
        rows = turbo.run(turbo.with_database(lambda db: db.fetch(sql("select key from idempotency_keys"))))
        assert list(rows) == []
        answer = turbo.ada.with_key(key).answer("create_issue", b'{"project": "TURBO", "title": "First"}')
        assert (json.loads(answer.body)["key"], answer.headers) == ("TURBO-1", {})


def test_a_client_mints_a_key_of_its_own_for_each_call(server: LiveServer) -> None:
    environment = {**server.environment, "TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    with Session(environment) as session:
        session.initialize()
        for _ in range(2):
            session.call("create_issue", {"project": "TURBO", "title": "Same"})
    assert titles(server) == ["Same", "Same"]
