"""The words of a command line as a tool's arguments."""

from pathlib import Path
from typing import Any

import pytest

from turbo_client.cli import arguments
from turbo_client.cli.as_values import as_values
from turbo_client.errors import UsageError

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


HANDOFF = {
    "type": "object",
    "properties": {
        "handoff": {"type": "object", "properties": {"state": {"type": "string"}}},
        "minutes": {"type": "integer"},
    },
}
SHAPE = """It has to look like handoff:='{"state": "..."}'"""


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("handoff=half done", "The value of handoff is not what handoff takes: line 1, column 1 is not valid JSON."),
        ("handoff=@state.json", "The file state.json is not what handoff takes: line 3, column 1 is not valid JSON."),
        ("handoff=@list.json", "The file list.json is not what handoff takes: it is no JSON object."),
        ("handoff:={", "The value of handoff is not what handoff takes: line 1, column 2 is not valid JSON."),
    ],
)
def test_what_is_no_json_is_told_with_file_line_and_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state.json").write_text('{\n  "state": "x",\n}\n')
    (tmp_path / "list.json").write_text("[1]")
    with pytest.raises(UsageError) as caught:
        arguments.parse([word], HANDOFF)
    assert (caught.value.message, caught.value.hint) == (words, SHAPE)


@pytest.mark.parametrize("text", ["2h", "1h30m", "90m", "1.5 h"])
def test_a_time_in_a_number_is_the_tools_to_read(text: str) -> None:
    assert arguments.parse([f"minutes={text}"], HANDOFF) == {"minutes": text}


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (["T", "--project", "PAY"], ["T", "project=PAY"]),
        (["T", "--project=PAY", "--json"], ["T", "project=PAY", "--json"]),
        (["T", "--due-before", "friday", "--confirm"], ["T", "due_before=friday", "confirm=true"]),
        (["T", "--confirm", "--key", "A-1", "x=y"], ["T", "confirm=true", "key=A-1", "x=y"]),
        (["T", "--", "--x"], ["T", "--", "--x"]),
        (["--help"], ["--help"]),
    ],
)
def test_options_are_read_as_values(words: list[str], read: list[str]) -> None:
    assert as_values(words) == read
