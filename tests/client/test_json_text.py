"""JSON text without `json`: held to `json` itself, with the accelerator and without it."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from turbo_client import json_text

VALID = [
    "null", "true", "false", "0", "-0", "-1", "1.5", "-0.0", "1e3", "1E-3", "5e-324", "1e999", "-1e999", "0.1e+07",
    "12345678901234567890123456789", "9" * 4000, '""', '"a"', "[]", "{}", "[[]]", '{"":{}}', "[1, 2 ,3\n]",
    ' \t\r\n{"a" : [ 1 , { "b" : null } ] } \t\r\n', '{"a":1,"a":2}', '{"b":1,"a":2,"b":3}',
    r'"\"\\\/\b\f\n\r\t"', r'"\u00e9\u20ac"', r'"\ud83d\ude00"', r'"\ud800"', r'"\udfff x \ud800"', r'"\ud800\u0041"',
    '"é € 😀 \x7f \u2028"', "[" * 500 + "]" * 500, '{"a":' * 300 + "1" + "}" * 300,
]  # fmt: skip
INVALID = [
    "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-Infinity", "[NaN]", '{"a":-Infinity}', "+1", "01", "1.", ".5",
    "1e", "--1", "0x1", "1 2", "{} {}", "[] x", "]", "}", "[", "{", "[1", "[1,", "[1,]", "[,1]", "[1 2]", '{"a"}',
    '{"a":}', '{"a":1,}', "{a:1}", "{'a':1}", "{1:2}", '{"a" 1}', '"', '"a', "'a'", '"\n"', '"\x00"', '"\t"', r'"\x"',
    r'"\u12"', r'"\u12g4"', r'"\ud800\u12"', "\ufeff{}", "\x0b1", "1\x0c", "\xa01", "1\u2003", "９", "[１]",
    "// x\n1", "9" * 5000, "[" * 100_000, '{"a":' * 100_000,
]  # fmt: skip
VALUES = [
    None, True, False, 0, -1, 10**30, 0.0, -0.0, 1.5, 1e22, 1e-7, 5e-324, float("inf"), float("-inf"), float("nan"),
    "", "é€😀", "\ud800 \udfff", '\x00\x1f\x7f"\\/\b\f\n\r\t\u2028', [], {}, (), (1, (2,)), [[], {}, ""],
    {"b": 1, "a": [None, {"é": "\udc80"}]}, {1: 2, 1.5: 3, None: 4, False: 5, float("inf"): 6}, 10**5000,
    {(1, 2): 3}, {1, 2}, [object()], b"x", {"a": b"x"},
]  # fmt: skip
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(some.characters()),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(some.characters()), inner),
)
PIECES = [*'[]{}:,"\\ \t\n\r\x0b-+.0123456789eEaunlrtsfNIy\x00é\ufeff', "\ud800", "null", "NaN", '"a":']
LIKE_JSON = some.lists(some.sampled_from(PIECES)).map("".join)
# Each line is the text of a Python string; what comes of them without `json` anywhere in the process.
READ_EACH = """
import sys
from turbo_client.json_text import parse
assert "json" not in sys.modules
for line in sys.stdin:
    try:
        parse(eval(line))
        print("taken")
    except (ValueError, RecursionError):
        print("refused")
"""


def without_accelerator() -> ModuleType:
    """The module as an interpreter has it that has no accelerator."""
    spec = importlib.util.find_spec("turbo_client.json_text")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "_json", None)
        spec.loader.exec_module(module)
    return module


WITHOUT = without_accelerator()
either = pytest.mark.parametrize("ours", [json_text, WITHOUT], ids=["accelerated", "without accelerator"])


def outcome(function: Callable[..., Any], *given: Any, **options: Any) -> tuple[str, str]:
    """What it returns, types and NaN told apart; or what it raises: json's own error is a ValueError."""
    try:
        return "returned", repr(function(*given, **options))
    except (RecursionError, ValueError, TypeError) as error:
        return "raised", "ValueError" if isinstance(error, ValueError) else type(error).__name__


def loads(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


def dumps(value: Any, *, allow_nan: bool = True) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=allow_nan)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_this_python_has_the_accelerator() -> None:
    """Or serve would import json before its first answer after all, and half of these tests would say nothing."""
    assert json_text._scan is not None
    assert WITHOUT._scan is None


@either
@pytest.mark.parametrize("text", [*VALID, *INVALID], ids=lambda text: ascii(text[:20]))
def test_text_is_read_as_json_reads_it(ours: ModuleType, text: str) -> None:
    assert outcome(ours.parse, text) == outcome(loads, text)
    assert (outcome(ours.parse, text)[0] == "returned") == (text in VALID)


@pytest.mark.parametrize(("texts", "outcome"), [(VALID, "taken"), (INVALID, "refused")])
def test_text_is_read_alike_where_json_was_never_imported(texts: list[str], outcome: str) -> None:
    lines = "".join(f"{text!a}\n" for text in texts)
    done = subprocess.run([sys.executable, "-c", READ_EACH], input=lines.encode(), capture_output=True, check=True)
    assert done.stdout.decode().split() == [outcome] * len(texts)


@either
@pytest.mark.parametrize("allow_nan", [True, False])
@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_written_as_json_writes_them(ours: ModuleType, value: object, allow_nan: bool) -> None:
    assert outcome(ours.dump, value, allow_nan=allow_nan) == outcome(dumps, value, allow_nan=allow_nan)


@either
def test_what_is_nested_too_deeply_or_in_itself_is_an_error_and_nothing_is_kept_of_it(ours: ModuleType) -> None:
    itself: list[Any] = []
    itself.append(itself)
    for value in (itself, nested(100_000)):
        assert outcome(ours.dump, value) == outcome(dumps, value)
        assert outcome(ours.dump, value)[0] == "raised"
    assert ours.dump([1]) == "[1]"


@given(JSON)
def test_any_value_is_written_and_read_back_as_json_does_it(value: object) -> None:
    text = dumps(value)
    assert json_text.dump(value) == text
    assert outcome(json_text.parse, text) == outcome(loads, text)
    assert outcome(json_text.dump, value, allow_nan=False) == outcome(dumps, value, allow_nan=False)


@given(LIKE_JSON)
def test_any_text_is_taken_or_refused_as_json_does_it(text: str) -> None:
    assert outcome(json_text.parse, text) == outcome(loads, text)


@either
@pytest.mark.parametrize(
    "data",
    [
        *(text.encode(encoding) for text in ('{"a": "é"}', "1", "[1]", '"é"') for encoding in
          ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")),
        b"", b" ", b"\xff", b'{"a":"\xff"}', b'"\xed\xa0\x80"', b"\x00", b"[\x00]", b"\xef\xbb\xbf", b"{} \xc3\xa9",
    ],
)  # fmt: skip
def test_a_file_is_read_in_the_encodings_that_json_knows(ours: ModuleType, data: bytes) -> None:
    assert outcome(ours.parse_file, data) == outcome(json.loads, data)


@pytest.mark.parametrize("data", [b'{"a": NaN}', '{"é": NaN}'.encode(), '{"a": NaN}'.encode("utf-16")])
def test_a_file_with_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="NaN"):
        json_text.parse_file(data)
