"""What a file from the web page may cost the server: bytes on the wire, and memory while it is read."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.harness import Turbo
from tests.server.live import NO_TLS, LiveServer, live_server
from tests.server.test_rest import Web
from turbo_server.account.grants import NEVER, Grant
from turbo_server.kit.large_body import FILE_BYTES
from turbo_server.kit.scope import Scope

# Over what the process has when it has read its tools: half of the smallest machine that turbo-server runs on.
MOST_MEMORY = 256 * 1024


@pytest.fixture
def web(turbo: Turbo) -> Iterator[Web]:
    web = Web(turbo)
    yield web
    turbo.run(web.client.aclose())


def body(content: bytes, name: str = "x.csv", **more: object) -> bytes:
    whole = {"name": name, "content": base64.b64encode(content).decode(), "project": "APP", **more}
    return json.dumps(whole).encode()


def test_a_file_beyond_the_usual_body_comes_in_and_one_beyond_the_limit_does_not(web: Web) -> None:
    web.turbo.call("create_project", key="APP", name="App")
    text = b"x" * 100_000
    rows = b"".join(b"%d,Issue,%s\n" % (number, text) for number in range(30))
    taken = web("POST", "/v1/imports", content=body(b"id,title,description\n" + rows), headers=web.bearer)
    assert (taken.status_code, taken.json()["created"][0]["count"]) == (200, 30)
    refused = web("POST", "/v1/imports", content=body(b"x" * (FILE_BYTES + 100_000)), headers=web.bearer)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")
    assert "turbo-server import" in refused.json()["error"]["hint"]
    elsewhere = web("POST", "/v1/tools/add_comment", content=b" " * 1_100_000, headers=web.bearer)
    assert elsewhere.status_code == 413


def test_nothing_is_read_for_who_may_not_import(web: Web) -> None:
    """The refusal is that of a call that has no file at all."""
    reader = web.turbo.person("ada", Grant(Scope.WRITE, NEVER)).token
    for bearer, status in ((reader, 403), ("turbo_pat_x", 401)):
        headers = {"Authorization": f"Bearer {bearer}"}
        answers = [web("POST", "/v1/imports", content=each, headers=headers) for each in (b"{}", body(b"x" * 2**21))]
        assert [each.status_code for each in answers] == [status, status]
        assert answers[0].content == answers[1].content


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("bounds")
    with live_server(f"sqlite:///{folder / 'turbo.db'}", folder) as server:
        server.call("create_project", key="APP", name="App")
        yield server


def filled(begin: bytes, part: bytes, end: bytes = b"") -> bytes:
    return begin + part * ((FILE_BYTES - len(begin) - len(end) - 1) // len(part)) + end


WORST = {
    "rows.csv": filled(b"title\n", b"x\n"),
    "columns.csv": filled(b"title", b",cd", b"\nx\n"),
    "cells.csv": filled(b"title,a\nx,", b"cd,") + b"\n",
    "objects.json": filled(b"[", b"{},", b"{}]"),
    "issues.json": filled(b"[", b'{"number":1,"title":"x"},', b'{"number":1,"title":"x"}]'),
    "lists.json": filled(b"[{}", b",[]", b"]"),
    "lines.jsonl": filled(b"", b'{"id":"a","title":"x"}\n'),
    "wide.csv": filled(b"title,body\nx,", "🚀".encode()),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", WORST)
def test_the_worst_file_of_the_largest_size_takes_bounded_memory(server: LiveServer, name: str) -> None:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # the peak counts from here on
    before = peak(server)
    url = f"{server.url}/v1/imports"
    answer = httpx.post(
        url, content=body(WORST[name], name, dry_run=True), headers=server.headers, timeout=120, verify=NO_TLS
    )
    assert answer.status_code in (200, 422), answer.text
    assert peak(server) - before < MOST_MEMORY, f"{name}: {(peak(server) - before) // 1024} MiB"


def peak(server: LiveServer) -> int:
    """KiB, of the process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
