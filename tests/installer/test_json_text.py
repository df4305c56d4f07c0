"""Edits of JSON text touch what they must and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turbo_installer import json_text

SEARCH = settings(database=None, deadline=None, max_examples=150)
SPACE = st.text(" \t\n\r", max_size=3)
NAMES = st.text(max_size=4) | st.sampled_from(["permissions", "allow", "mcpServers", "turbo"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.text(max_size=6), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
PATHS = st.sampled_from([(), ("permissions",), ("permissions", "allow")])


@st.composite
def json_texts(draw: st.DrawFn) -> str:
    """An object in any legal layout: a tidy one, a minified one, or one with random space at every seam."""
    value: dict[str, Any] = draw(st.dictionaries(NAMES, VALUES, max_size=4))
    if draw(st.booleans()):
        permissions: dict[str, Any] = draw(st.dictionaries(NAMES, VALUES, max_size=2))
        if draw(st.booleans()):
            permissions["allow"] = draw(st.lists(SCALARS, max_size=3))
        value["permissions"] = permissions
    layout = draw(st.sampled_from(["two", "four", "tab", "minified", "plain", "wild"]))
    if layout == "wild":
        return draw(SPACE) + _wild(draw, value) + draw(SPACE)
    indent: Any = {"two": 2, "four": 4, "tab": "\t"}.get(layout)
    text = json.dumps(value, indent=indent, separators=(",", ":") if layout == "minified" else None)
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return text + draw(st.sampled_from(["", "\n", "\r\n"]))


def _wild(draw: st.DrawFn, value: Any) -> str:
    def gap() -> str:
        return draw(SPACE)

    if isinstance(value, dict):
        members = [
            f"{gap()}{json.dumps(k, ensure_ascii=draw(st.booleans()))}{gap()}:{gap()}{_wild(draw, v)}{gap()}"
            for k, v in value.items()
        ]
        return "{" + (",".join(members) or gap()) + "}"
    if isinstance(value, list):
        return "[" + (",".join(f"{gap()}{_wild(draw, item)}{gap()}" for item in value) or gap()) + "]"
    return json.dumps(value)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


@SEARCH
@given(json_texts(), PATHS, VALUES)
def test_removing_what_was_inserted_gives_back_every_byte(text: str, path: tuple[str, ...], value: Any) -> None:
    box = json_text.container(text, path)
    if box is None:
        return
    name = None if text[box.start] == "[" else "new-name"
    if name and box.index(name) is not None:
        return
    edited = json_text.insert(text, path, name, value)
    key = len(box.parts) if name is None else name
    assert json_text.remove(edited, path, key) == text


@SEARCH
@given(json_texts(), PATHS, VALUES)
def test_an_insertion_adds_its_value_and_keeps_all_others_in_order(
    text: str, path: tuple[str, ...], value: Any
) -> None:
    box = json_text.container(text, path)
    if box is None:
        return
    before = json.loads(text)
    target = _at(before, path)
    if isinstance(target, list):
        target.append(value)
        edited = json_text.insert(text, path, None, value)
    else:
        if "new-name" in target:
            return
        target["new-name"] = value
        edited = json_text.insert(text, path, "new-name", value)
    assert json.dumps(json.loads(edited)) == json.dumps(before)


@SEARCH
@given(json_texts(), VALUES, VALUES)
def test_a_member_added_by_someone_else_survives_the_removal_of_ours(text: str, ours: Any, theirs: Any) -> None:
    if json.loads(text).keys() & {"our-name", "their-name"}:
        return
    with_both = json_text.insert(json_text.insert(text, (), "our-name", ours), (), "their-name", theirs)
    left = json_text.remove(with_both, (), "our-name")
    assert json.dumps(json.loads(left)) == json.dumps({**json.loads(text), "their-name": theirs})


@SEARCH
@given(st.text(max_size=30) | st.text('{}[]",:ab1 \n', max_size=12))
def test_what_json_refuses_is_refused_with_a_sentence_and_nothing_else_is(text: str) -> None:
    try:
        expected = json.loads(text, parse_int=float)
    except ValueError:
        with pytest.raises(json_text.NotJson):
            json_text.parse(text)
    else:
        if "NaN" not in text and "Infinity" not in text:
            assert json_text.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        (" \r\n", "it is empty"),
        ('{"a": 1,}', "a comma stands before the closing bracket"),
        ('{"a": [1,\n 2,\n]}', "a comma stands before the closing bracket"),
        ('{\n  // hello\n  "a": 1}', "line 2, column 3: JSON has no comments"),
        ('{"a": 1} /* end */', "JSON has no comments"),
        ('{"a": NaN}', "NaN is not a JSON value"),
        ('{"a": "se', "unterminated string"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_the_reason_says_where_and_what(text: str, words: str) -> None:
    with pytest.raises(json_text.NotJson, match=words.replace("[", r"\[")):
        json_text.parse(text)


def test_a_number_of_five_thousand_digits_is_no_error() -> None:
    text = '{"n": %s}' % ("9" * 5000)
    json_text.parse(text)
    assert json_text.remove(json_text.insert(text, (), "a", 1), (), "a") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", '{\n  "a": [\n    "x"\n  ]\n}'),
        ("{}\n", '{\n  "a": [\n    "x"\n  ]\n}\n'),
        ("{ }", '{"a": ["x"] }'),
        ('{"b":1}', '{"b":1,"a":["x"]}'),
        ('{"b": 1}', '{"b": 1, "a": ["x"]}'),
        ('{\n\t"b": 1\n}\n', '{\n\t"b": 1,\n\t"a": [\n\t\t"x"\n\t]\n}\n'),
        ('{\r\n    "b": 1\r\n}', '{\r\n    "b": 1,\r\n    "a": [\r\n        "x"\r\n    ]\r\n}'),
        ('{ "b": 1\n, "c": 2 }', '{ "b": 1\n, "c": 2\n, "a": [\n  "x"\n] }'),
    ],
)
def test_new_members_take_the_layout_of_the_file(text: str, expected: str) -> None:
    edited = json_text.insert(text, (), "a", ["x"])
    assert edited == expected
    assert json_text.remove(edited, (), "a") == text


def test_of_a_name_given_twice_the_last_counts() -> None:
    text = '{"a": {"x": 1}, "a": {"y": 2}}'
    assert json_text.insert(text, ("a",), "z", 3) == '{"a": {"x": 1}, "a": {"y": 2, "z": 3}}'
