"""What serve does before its first answers: next to nothing."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import MODERN, Message
from tests.client.stand_in import Reply, StandIn, make_key

# os.write is how serve answers: at the last answer that is expected the modules are written down, and the process ends.
# os.read gives a few bytes at a time, so that each question is one that comes while nothing else is there to be read.
SPY = """
import os, sys
answers = int(sys.argv[1])
real = os.write
def spy(descriptor, data):
    global answers
    answers -= 1
    if answers == 0:
        real(2, "\\n".join(sys.modules).encode())
        os._exit(0)
    return len(data)
os.write = spy
from turbo_client.stdio import serve
serve()
"""
# At its end: is the thread that answered the one that threading takes for the main one?
WHICH_THREAD = """
import os, sys, _thread
leave = os._exit
def spy(code):
    import threading
    os.write(2, str(threading.main_thread().ident == _thread.get_ident()).encode())
    leave(code)
os._exit = spy
from turbo_client.stdio import serve
serve()
"""
# The accelerator of JSON and what a poll needs; and what tells keys apart, if one is in the environment.
FLOOR = "import _json, select, sys, __future__; print(*sys.modules, sep='\\n')"
FLOOR_WITH_KEY = f"import hashlib, zlib; {FLOOR}"
# Each of them would be a good part of what a session waits for.
HEAVY = {"json", "re", "enum", "threading", "functools", "collections", "contextlib", "typing", "pathlib"}
REQUESTS: dict[str, Message] = {
    "initialize": {"protocolVersion": "2025-11-25"},
    "tools/list": {},
    "server/discover": {"_meta": MODERN},
}
WHERE_THE_KEY_IS = ["environment", "login", "environment, without a saved list", "nowhere"]


@pytest.fixture(params=WHERE_THE_KEY_IS)
def here(
    request: pytest.FixtureRequest,
    environment: Environment,
    logged_in: Environment,
    backend: StandIn,
    run: Callable[..., subprocess.CompletedProcess[str]],
    open_session: OpenSession,
) -> Environment:
    """A home as a session may find it."""
    if request.param == "nowhere":
        return environment
    if request.param == "login":
        login = ("login", "--url", backend.origin, "--with-token", "--insecure-storage")
        assert run(environment, *login, stdin=make_key()).returncode == 0
        return environment
    session = open_session(logged_in)
    session.initialize()
    session.notification("notifications/tools/list_changed")
    session.close()
    return logged_in if request.param == "environment" else logged_in | {"TURBO_API_KEY": make_key("zz00")}


@pytest.mark.parametrize("methods", [*([each] for each in REQUESTS), ["initialize", "tools/list"], [*REQUESTS]])
def test_nothing_heavy_is_imported_before_the_first_answers(
    here: Environment, tmp_path: Path, methods: list[str]
) -> None:
    lines = [{"jsonrpc": "2.0", "id": 1, "method": method, "params": REQUESTS[method]} for method in methods]
    spied = subprocess.run(
        [sys.executable, "-c", SPY, str(len(lines))],
        input=b"".join(json.dumps(line).encode() + b"\n" for line in lines),
        capture_output=True,
        env=here,
        cwd=tmp_path,
        check=True,
    )
    floor = FLOOR_WITH_KEY if "TURBO_API_KEY" in here else FLOOR
    allowed = subprocess.run([sys.executable, "-c", floor], capture_output=True, env=here, check=True)
    loaded = set(spied.stderr.decode().split())
    assert {"turbo_client.stdio", "turbo_client.link"} <= loaded
    ours = {name for name in loaded if name.partition(".")[0] == "turbo_client"}
    assert loaded - ours - set(allowed.stdout.decode().split()) == set()
    assert loaded & HEAVY == set()


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


@pytest.mark.parametrize("method", [*REQUESTS, "ping"])
def test_a_sleeping_server_is_woken_behind_the_first_answer(
    open_session: OpenSession, logged_in: Environment, backend: StandIn, method: str
) -> None:
    open_session(logged_in).result(method, REQUESTS.get(method))
    assert backend.wait_for("/v1/tools").method == "GET"


def test_a_stream_that_is_opened_first_is_told_of_the_tools(open_session: OpenSession, logged_in: Environment) -> None:
    session = open_session(logged_in)
    request_id = session.start("subscriptions/listen", {"notifications": {"toolsListChanged": True}}, modern=True)
    told = session.notification("notifications/tools/list_changed")["params"]["_meta"]
    assert told == {"io.modelcontextprotocol/subscriptionId": request_id}


@pytest.mark.parametrize("before", [[], ["initialize"], ["initialize", "tools/list"]])
def test_a_call_that_comes_with_the_first_questions_is_answered_although_stdin_closes_at_once(
    open_session: OpenSession, logged_in: Environment, before: list[str]
) -> None:
    session = open_session(logged_in)
    ids = [session.start(method, REQUESTS[method]) for method in before]
    call = session.start("tools/call", {"name": "read_it", "arguments": {}})
    assert session.close() == 0
    assert all("result" in session.answer_to(each) for each in ids)
    assert session.answer_to(call)["result"]["isError"] is False


def test_the_thread_that_reads_stdin_stays_the_main_one(logged_in: Environment, backend: StandIn) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": REQUESTS["initialize"]}
    with subprocess.Popen(
        [sys.executable, "-c", WHICH_THREAD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=logged_in,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        backend.wait_for("/v1/tools")
        said = process.communicate()[1]
    assert said == b"True"


def test_nothing_but_messages_comes_out_even_with_every_warning_on(
    open_session: OpenSession, logged_in: Environment
) -> None:
    session = open_session(logged_in | {"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "always", "PYTHONUNBUFFERED": "1"})
    session.initialize()
    assert session.call("read_it")["isError"] is False
    session.close()
    assert all(message["jsonrpc"] == "2.0" for message in session.received)
    assert b"Warning" not in session.stderr
