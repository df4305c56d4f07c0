"""The tools from a shell: `tools` and `call`."""

import json
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.conftest import Environment
from tests.client.session import PROGRAM
from tests.client.stand_in import Reply, StandIn, error, free_port, make_key, reset, tool

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_what_an_error_says_besides_is_printed(run: Run, logged_in: Environment, backend: StandIn) -> None:
    said = {"code": "version_conflict", "message": "Old.", "hint": "Merge.", "current": {"version": 7, "title": "a"}}
    backend.replies["/v1/tools/write_it"] = Reply(412, {"error": said})
    people, machines = run(logged_in, "call", "write_it"), run(logged_in, "call", "write_it", "--json")
    assert people.stdout.splitlines() == ["current:", "  version: 7", "  title: a"]
    assert json.loads(machines.stdout) == {"error": said}
    assert people.returncode == machines.returncode != 0


def test_a_file_or_stdin_gives_a_text_byte_for_byte(
    run: Run, logged_in: Environment, backend: StandIn, tmp_path: Path
) -> None:
    text = "  def f():\n\treturn '日本 👩‍👩‍👧'\r\n\n"
    (tmp_path / "notes.md").write_bytes(text.encode())
    assert run(logged_in, "call", "write_it", "text=@notes.md").returncode == 0
    assert run(logged_in, "call", "write_it", "text=-", stdin=text).returncode == 0
    assert [seen.arguments["text"] for seen in backend.calls()] == [text, text]
    assert run(logged_in, "call", "write_it", "text=-", stdin=b"\xff").returncode == 2


def test_json_is_printed_as_it_came(run: Run, logged_in: Environment, backend: StandIn) -> None:
    body = '{"b":1.50,"t":"日本","n":12345678901234567890}'
    backend.replies["/v1/tools/read_it"] = Reply(body=body.encode())
    assert run(logged_in, "call", "read_it", "--json").stdout == body + "\n"


def test_results_are_readable(run: Run, logged_in: Environment, backend: StandIn) -> None:
    backend.replies["/v1/tools/read_it"] = Reply(
        body={
            "key": "TURBO-1",
            "done": False,
            "due": None,
            "labels": ["a", "b"],
            "none": [],
            "text": "one\n  two",
            "items": [{"key": "T-1", "title": "First"}, {"key": "T-22", "owner": {"name": "ada"}}],
            "nested": {"deep": {"x": 1}},
            "mixed": [1, {"a": 2}],
        }
    )
    assert run(logged_in, "call", "read_it").stdout == (
        "key: TURBO-1\ndone: false\ndue: -\nlabels: a, b\nnone: none\ntext:\n  one\n    two\n"
        "items:\n  key   title  owner\n  T-1   First  -\n  T-22  -      name=ada\n"
        "nested:\n  deep:\n    x: 1\nmixed:\n  - 1\n  - a: 2\n"
    )


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(404, "not_found", "No such thing.", "Look."), 1),
        (error(401, "unauthenticated", "Who?"), 5),
        (error(500, "internal", "Sorry."), 4),
        (Reply(raw=reset), 4),
    ],
)
def test_the_exit_code_says_what_became_of_it(
    run: Run, logged_in: Environment, backend: StandIn, reply: Reply, code: int
) -> None:
    backend.replies["/v1/tools/write_it"] = reply
    done = run(logged_in, "call", "write_it", "text=x")
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("error: ")
    as_json = run(logged_in, "call", "write_it", "text=x", "--json")
    assert as_json.returncode == code
    assert json.loads(as_json.stdout)["error"].keys() == {"code", "message", "hint"}


@pytest.mark.parametrize(
    "hint", ["Run `turbo-client login` with a key from `turbo-server keys create`.", "Ask Ada.", ""]
)
def test_a_refused_key_is_told_with_where_it_came_from_and_one_way_out(
    run: Run, environment: Environment, logged_in: Environment, backend: StandIn, hint: str
) -> None:
    login = ("login", "--url", backend.origin, "--with-token", "--insecure-storage")
    assert run(environment, *login, stdin=make_key()).returncode == 0
    backend.replies["/v1/tools/read_it"] = error(401, "unauthenticated", "Who?", hint)
    stored = run(environment, "call", "read_it").stderr
    assert stored.count("turbo-client login") == 1
    assert f"{backend.made[-1][-4:]} comes from the file (" in stored
    in_variable = run(logged_in, "call", "read_it").stderr
    assert "comes from the environment (TURBO_API_KEY). Correct or unset that variable." in in_variable
    assert all(hint in said for said in (stored, in_variable))


def test_without_a_server_nothing_was_saved(run: Run, logged_in: Environment, backend: StandIn) -> None:
    assert run(logged_in, "tools").returncode == 0
    backend.stop()
    assert run(logged_in, "call", "write_it", "text=x").returncode == 3
    listed = run(logged_in, "tools")
    assert listed.returncode == 0
    assert "as saved on this machine" in listed.stderr
    away = logged_in | {"TURBO_API_URL": f"http://127.0.0.1:{free_port()}"}
    assert run(away, "tools").returncode == 3


def test_a_mistyped_tool_gets_a_suggestion(run: Run, logged_in: Environment, backend: StandIn) -> None:
    for verb in ("call", "tools"):
        done = run(logged_in, verb, "writ_it")
        assert done.returncode == 2
        assert "Did you mean write_it?" in done.stderr
    assert backend.calls() == []


def test_a_tool_that_came_later_can_be_called(run: Run, logged_in: Environment, backend: StandIn) -> None:
    run(logged_in, "tools")
    backend.tools.append(tool("new_one"))
    assert run(logged_in, "call", "new_one").returncode == 0


@pytest.mark.parametrize("verb", [("tools",), ("call", "read_it"), ("--help",)], ids=lambda verb: verb[0])
def test_a_reader_that_has_enough_ends_it_quietly(logged_in: Environment, verb: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([PROGRAM, *verb], env=logged_in, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


GATEWAY = Reply(504, b"<html>")


@pytest.mark.parametrize("reply", [error(500, "internal", "Sorry."), Reply(raw=reset), GATEWAY])
def test_a_write_without_an_answer_says_that_its_outcome_is_unknown(
    run: Run, logged_in: Environment, backend: StandIn, reply: Reply
) -> None:
    backend.replies["/v1/tools/write_it"] = reply
    for as_json in ((), ("--json",)):
        done = run(logged_in, "call", "write_it", "text=x", *as_json)
        assert done.returncode == 4
        assert done.stderr.splitlines()[-1].startswith("Unknown whether this was saved: look it up")


@pytest.mark.parametrize(
    ("reply", "code"), [(error(500, "internal", "Sorry."), 3), (Reply(raw=reset), 3), (error(503, "busy", "Busy."), 1)]
)
def test_a_read_never_leaves_it_open_whether_something_was_saved(
    run: Run, logged_in: Environment, backend: StandIn, reply: Reply, code: int
) -> None:
    backend.replies["/v1/tools/read_it"] = reply
    done = run(logged_in, "call", "read_it")
    assert (done.returncode, "saved" in done.stderr) == (code, False)
    backend.replies["/v1/tools"] = reply
    assert run(logged_in, "tools").returncode in (0, code)
    assert run(logged_in, "call", "unheard_of", "x=1").returncode == code


def test_a_write_that_did_not_reach_the_server_says_so(run: Run, logged_in: Environment, backend: StandIn) -> None:
    assert run(logged_in, "tools").returncode == 0
    backend.stop()
    done = run(logged_in, "call", "write_it", "text=x")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (3, "NOT saved.")


def test_whoever_waits_is_told_so(logged_in: Environment, backend: StandIn) -> None:
    gate = threading.Event()
    backend.replies["/v1/tools/write_it"] = Reply(gate=gate)
    command, quiet = [str(PROGRAM), "call", "write_it", "text=x"], subprocess.DEVNULL
    with subprocess.Popen(command, env=logged_in, stderr=subprocess.PIPE, stdout=quiet, text=True) as waiting:
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == f"still trying: no answer from {backend.origin} yet; Ctrl-C gives up\n"
        gate.set()
        assert waiting.wait(20) == 0


def test_the_commands_of_a_terminal_are_one_session(run: Run, logged_in: Environment, backend: StandIn) -> None:
    agent: Environment = {"CLAUDE_CODE_SESSION_ID": "agent-1"}
    for extra in ({}, {}, agent, agent | {"TURBO_SESSION": "mine-1"}):
        assert run(logged_in | extra, "call", "write_it", "text=x").returncode == 0
    subprocess.run([PROGRAM, "call", "write_it", "text=x"], env=logged_in, start_new_session=True, check=True)
    first, second, *given, other = [seen.headers["turbo-session"] for seen in backend.calls("write_it")]
    assert first == second
    assert first.startswith("shell-")
    assert given == ["agent-1", "mine-1"]
    assert other.startswith("shell-")
    assert other != first


@pytest.mark.parametrize("name", ["../ada.key", "ada.key", ".env", "../outside.md"])
def test_a_file_that_may_hold_a_secret_or_is_elsewhere_is_not_read(
    run: Run, logged_in: Environment, backend: StandIn, tmp_path: Path, name: str
) -> None:
    inside = tmp_path / "project"
    inside.mkdir()
    for path in ("ada.key", "outside.md", "project/ada.key", "project/.env"):
        (tmp_path / path).write_text(make_key())
    done = run(logged_in | {"CLAUDE_PROJECT_DIR": str(inside)}, "call", "write_it", f"text=@{name}")
    assert (done.returncode, backend.calls()) == (2, [])
    assert make_key() not in done.stderr


def test_an_api_key_in_a_file_of_any_name_is_not_sent(
    run: Run, logged_in: Environment, backend: StandIn, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text(f"my key: {make_key()}\n")
    done = run(logged_in, "call", "write_it", "text=@notes.md")
    assert (done.returncode, "looks like a secret" in done.stderr, backend.calls()) == (2, True, [])
