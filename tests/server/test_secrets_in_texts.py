"""A text with an API key in it is not stored: whatever tool, whatever field, and nothing tells it on."""

import copy
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.events import everything
from tests.server.harness import Turbo
from tests.server.keyed_calls import rows
from tests.server.test_bad_input import SMALLEST
from tests.server.test_rest import Web
from turbo_server.account.token import mint
from turbo_server.catalogue import Catalogue
from turbo_server.kit.token import PREFIX, holds_key
from turbo_server.kit.tool import Effect

KEY = mint()
WRITING = tuple(tool for tool in Catalogue().tools.values() if tool.effect is not Effect.READ)
PASTED = f"Log in with {KEY}, then call it.\n"
ON_ONE = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


def texts(schema: dict[str, Any]) -> Iterator[Any]:
    """A value for each place of a text inside of what the schema describes."""
    for option in schema.get("anyOf", ()):
        yield from texts(option)
    if schema.get("type") == "string":
        yield PASTED
    if schema.get("type") == "array":
        yield from ([value] for value in texts(schema["items"]))
    for name, field in schema.get("properties", {}).items():
        yield from ({name: value} for value in texts(field))


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for tool in WRITING:
        for place in texts(tool.input_schema):
            yield tool.name, copy.deepcopy(SMALLEST.get(tool.name, {})) | place
        yield tool.name, {"unknown": PASTED}
        yield tool.name, {PASTED: "unknown"}


def test_there_is_a_case_for_every_text_of_every_writing_tool() -> None:
    found = [(name, next(iter(set(given) - {""}))) for name, given in cases()]
    assert {name for name, _ in found} == {tool.name for tool in WRITING}
    assert len(found) > 120
    assert ("create_issues", {"issues": [{"title": PASTED}]}) in list(cases())


@ON_ONE
def test_no_tool_stores_it_or_tells_it_on(turbo: Turbo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    turbo.call("create_project", key="TURBO", name="x")
    for number, (name, given) in enumerate(cases()):
        answer = turbo.ada.with_key(str(number)).answer(name, json.dumps(given).encode())
        error = json.loads(answer.body)["error"]
        assert (answer.status, error["code"]) == (422, "secret_in_text"), (name, given)
        assert PREFIX not in answer.body.decode()
    assert rows(turbo) == []
    assert PREFIX not in caplog.text
    assert KEY.encode() not in b"".join(path.read_bytes() for path in turbo.settings.sqlite_path.parent.iterdir())


@ON_ONE
def test_how_it_is_escaped_makes_no_difference(turbo: Turbo) -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in KEY)
    answer = turbo.ada.answer("create_project", f'{{"key": "AB", "name": "{escaped}"}}'.encode())
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (422, "secret_in_text")


@ON_ONE
def test_what_only_looks_like_a_key_may_be_written(turbo: Turbo) -> None:
    wrong = KEY[:-1] + ("0" if KEY[-1] != "0" else "1")
    for text in (wrong, KEY[:40], f"{PREFIX}…{KEY[-4:]}", "turbo_pat_"):
        turbo.call("log_work", text=text)


@ON_ONE
def test_a_read_may_ask_for_one(turbo: Turbo) -> None:
    assert turbo.call("search", query=KEY)["items"] == []


@ON_ONE
def test_a_key_as_the_name_of_a_machine_or_session_is_left_out(turbo: Turbo) -> None:
    web = Web(turbo)
    headers = {**web.bearer, "Turbo-Machine": KEY, "Turbo-Session": f"session {KEY}"}
    assert web("POST", "/v1/tools/create_project", json={"key": "AB", "name": "x"}, headers=headers).status_code == 200
    (event,) = everything(turbo)
    assert "machine" not in event
    assert "session" not in event
    turbo.run(web.client.aclose())


@ON_ONE
def test_a_key_is_no_idempotency_key(turbo: Turbo) -> None:
    answer = turbo.ada.with_key(KEY).answer("log_work", b'{"text": "x"}')
    assert (answer.status, KEY in answer.body.decode()) == (400, False)
    assert rows(turbo) == []


@ON_ONE
def test_an_import_refuses_it_and_names_the_record(
    run_import: Callable[..., tuple[int, str, str]], turbo: Turbo, tmp_path: Path
) -> None:
    table = tmp_path / "issues.csv"
    table.write_text(f"id,title,description\n1,First,fine\n2,Second,{KEY}\n")
    status, printed, said = run_import("csv", table)
    assert status == 1
    assert "2: " in said
    assert "API key" in said
    assert KEY not in printed + said
    assert turbo.call("list_projects")["total"] == 0


@pytest.mark.parametrize("around", ["{}", "x{}x", "{0}{0}", "turbo_pat_{}", "a\n{}\u200b", "`{}`"])
def test_a_key_is_found_wherever_it_stands(around: str) -> None:
    assert holds_key(around.format(KEY))
