"""What serve does before its first answer: next to nothing."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import Reply, StandIn, make_key

# os.write is how serve answers: at its first use the modules are written down, and the process ends.
SPY = """
import os, sys
real = os.write
def spy(descriptor, data):
    real(2, "\\n".join(sys.modules).encode())
    os._exit(0)
os.write = spy
from turbo_client.stdio import serve
serve()
"""
# json, what a thread and a poll need, and the hash that tells keys apart: each is lighter than json itself.
FLOOR = (
    "import json, threading, select, collections.abc, hashlib, zlib, sys, __future__; print(*sys.modules, sep='\\n')"
)
REQUESTS = {
    "initialize": {"protocolVersion": "2025-11-25"},
    "tools/list": {},
    "server/discover": {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    },
}


@pytest.mark.parametrize("method", REQUESTS)
@pytest.mark.parametrize("saved", [True, False], ids=["with a saved list", "without"])
def test_nothing_heavier_than_json_is_imported_before_the_first_answer(
    logged_in: Environment, session: Session, tmp_path: Path, method: str, saved: bool
) -> None:
    session.close()
    here = logged_in if saved else logged_in | {"TURBO_API_KEY": make_key("zz00")}
    request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": REQUESTS[method]}).encode()
    spied = subprocess.run(
        [sys.executable, "-c", SPY], input=request, capture_output=True, env=here, cwd=tmp_path, check=True
    )
    floor = subprocess.run([sys.executable, "-c", FLOOR], capture_output=True, env=here, check=True)
    loaded = set(spied.stderr.decode().split())
    assert {"turbo_client.stdio", "json", "turbo_client.link"} <= loaded
    ours = {name for name in loaded if name.partition(".")[0] == "turbo_client"}
    assert loaded - ours - set(floor.stdout.decode().split()) == set()


def test_it_answers_before_it_asks_the_server(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    gate = threading.Event()
    backend.replies["/v1/tools"] = Reply(gate=gate)
    session = open_session(logged_in)
    assert session.initialize()["protocolVersion"]
    assert session.tool_names() == ["turbo_setup"]
    backend.wait_for("/v1/tools")
    assert session.result("ping") == {}
    gate.set()


def test_a_sleeping_server_is_woken_behind_the_first_answer(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    open_session(logged_in).initialize()
    assert backend.wait_for("/v1/tools").method == "GET"


def test_nothing_but_messages_comes_out_even_with_every_warning_on(
    open_session: OpenSession, logged_in: Environment
) -> None:
    session = open_session(logged_in | {"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "always", "PYTHONUNBUFFERED": "1"})
    session.initialize()
    assert session.call("read_it")["isError"] is False
    session.close()
    assert all(message["jsonrpc"] == "2.0" for message in session.received)
    assert b"Warning" not in session.stderr
