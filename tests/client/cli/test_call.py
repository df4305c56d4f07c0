"""The tools from a shell: `tools` and `call`."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Environment
from tests.client.stand_in import Reply, StandIn, error, free_port, make_key, reset, tool
from turbo_client.cli import arguments
from turbo_client.errors import UsageError

Run = Callable[..., subprocess.CompletedProcess[str]]

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "due": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "limit": {"type": "integer"},
        "score": {"type": "number"},
        "claim": {"type": "boolean"},
        "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "labels": {"type": "array", "items": {"type": "string"}},
        "sizes": {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]},
        "filter": {"type": "object"},
        "status": {"$ref": "#/$defs/Status"},
        "level": {"enum": [1, 2]},
        "any": {},
        "loop": {"$ref": "#/properties/loop"},
    },
    "$defs": {"Status": {"enum": ["open", "done"]}},
}


def test_what_an_error_says_besides_is_printed(run: Run, logged_in: Environment, backend: StandIn) -> None:
    said = {"code": "version_conflict", "message": "Old.", "hint": "Merge.", "current": {"version": 7, "title": "a"}}
    backend.replies["/v1/tools/write_it"] = Reply(412, {"error": said})
    people, machines = run(logged_in, "call", "write_it"), run(logged_in, "call", "write_it", "--json")
    assert people.stdout.splitlines() == ["current:", "  version: 7", "  title: a"]
    assert json.loads(machines.stdout) == {"error": said}
    assert people.returncode == machines.returncode != 0


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("title=12", "12"),
        ("title=true", "true"),
        ("title=[1]", "[1]"),
        ("title=", ""),
        ("title=a=b=c", "a=b=c"),
        ("title=  日本\n", "  日本\n"),
        ("due=tomorrow", "tomorrow"),
        ("due=null", "null"),
        ("due:=null", None),
        ("limit=12", 12),
        ("limit=-1", -1),
        ("score=1.5", 1.5),
        ("claim=yes", True),
        ("claim=FALSE", False),
        ("maybe=null", None),
        ("maybe=3", 3),
        ("labels=a, b,c", ["a", "b", "c"]),
        ('labels=["a,b", "c"]', ["a,b", "c"]),
        ("labels=", []),
        ("labels=7,8", ["7", "8"]),
        ("sizes=7,8", [7, 8]),
        ('filter={"a": 1}', {"a": 1}),
        ("status=open", "open"),
        ("level=2", 2),
        ("any=7", "7"),
        ("any:=7", 7),
        ("unknown=x", "x"),
        ("loop=x", "x"),
        ('title:="@x"', "@x"),
    ],
)
def test_values_become_what_the_schema_asks_for(word: str, value: object) -> None:
    name = word.partition("=")[0].removesuffix(":")
    assert arguments.parse([word], SCHEMA) == {name: value}


@pytest.mark.parametrize(
    "words",
    [
        ["title"], ["=x"], [":=1"], ["limit=x"], ["limit=1.5"], ["score=nan"], ["score=inf"], ["claim=perhaps"],
        ["maybe=x"], ["sizes=a"], ["sizes=[1"], ["sizes={}"], ["filter=[]"], ["filter={"], ["any:=x"],
        ["title=a", "title=b"], ["title=@no/such/file"],
    ],
)  # fmt: skip
def test_words_that_cannot_be_meant_are_refused_with_a_way_out(words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        arguments.parse(words, SCHEMA)
    assert caught.value.hint


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
        "key: TURBO-1\ndone: false\ndue: -\nlabels: a, b\nnone: -\ntext:\n  one\n    two\n"
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
    assert f"{make_key()[-4:]} comes from the file (" in stored
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


def test_tools_are_listed_and_described(run: Run, logged_in: Environment, backend: StandIn) -> None:
    assert run(logged_in, "tools").stdout == "write_it  Does write_it.\nread_it   Does read_it.\n"
    assert json.loads(run(logged_in, "tools", "--json").stdout) == json.loads(backend.catalogue)
    assert "labels (array)" in run(logged_in, "tools", "write_it").stdout
    assert json.loads(run(logged_in, "tools", "write_it", "--json").stdout)["tools"] == backend.tools[:1]
