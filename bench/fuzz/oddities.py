"""What no schema describes and a caller may send all the same: odd headers and queries, and bodies that are damaged."""

import json
import random
from collections.abc import Callable
from typing import Any

HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Turbo-Machine", ("laptop", "m" * 200, "\xe4\xf6", "", "a\tb")),
    ("Turbo-Session", ("s1", "s2", "x" * 500, "", "\xff")),
    ("Turbo-Utc-Offset", ("60", "-840", "9999", "+", "1e3", "\xb2")),
    ("Turbo-Client-Version", ("0.0.1", "x" * 300)),
    ("Turbo-Project", ("WEB", "../../etc")),
    ("Accept", ("application/xml", "*/*;q=0", "\xff")),
    ("Accept-Encoding", ("br", "gzip, deflate", "identity;q=0")),
    ("If-None-Match", ("*", '""', 'W/"x"', "\xff")),
    ("X-Forwarded-For", ("1.2.3.4", "'; drop table issues; --")),
    ("Origin", ("null", "https://example.org")),
    ("Content-Type", ("text/plain", "application/json; charset=utf-16", "", "multipart/form-data")),
)
QUERIES = (
    {"x": "1"}, {"": ""}, {"limit": ["1", "2"]}, {"project": "\x00"}, {"key": "漢字"}, {"toolsets": ",,core"},
    {"after": "\x00"}, {"limit": "9" * 400}, {"%00": "%ff"},
)  # fmt: skip
ODD_SHARE = 0.3
DEPTHS = (31, 32, 33, 200, 10_000)


def odd_headers(draw: random.Random) -> dict[str, bytes]:
    """As bytes: a header's value is latin-1, and not all clients keep to it."""
    return {name: draw.choice(values).encode("latin-1") for name, values in HEADERS if draw.random() < ODD_SHARE / 3}


def odd_query(draw: random.Random) -> dict[str, Any]:
    return dict(draw.choice(QUERIES)) if draw.random() < ODD_SHARE else {}


def damaged(draw: random.Random, arguments: Any) -> bytes:
    """The body of a call, spoiled in one way."""
    whole = arguments if isinstance(arguments, dict) else {"title": arguments}
    return draw.choice(DAMAGES)(draw, whole)


def _text(arguments: Any) -> bytes:
    return json.dumps(arguments).encode()


def _cut(draw: random.Random, arguments: dict[str, Any]) -> bytes:
    text = _text(arguments)
    return text[: draw.randrange(len(text))]


def _flipped(draw: random.Random, arguments: dict[str, Any]) -> bytes:
    text = bytearray(_text(arguments))
    for _ in range(draw.randint(1, 5)):
        text[draw.randrange(len(text))] = draw.randrange(256)
    return bytes(text)


def _noise(draw: random.Random, _arguments: dict[str, Any]) -> bytes:
    return draw.randbytes(draw.randrange(300))


def _doubled(draw: random.Random, arguments: dict[str, Any]) -> bytes:
    name = draw.choice([*arguments, "title"])
    return b'{"%s":%s,' % (name.encode("utf-8", "replace"), draw.choice((b"null", b'"x"', b"1"))) + _text(arguments)[1:]


def _with(value: str) -> Callable[[random.Random, dict[str, Any]], bytes]:
    """One argument has that value, as JSON text."""

    def damage(draw: random.Random, arguments: dict[str, Any]) -> bytes:
        name = draw.choice([*arguments, "title"])
        return _text({**arguments, name: "\x02"}).replace(b'"\\u0002"', value.encode())

    return damage


def _nested(draw: random.Random, arguments: dict[str, Any]) -> bytes:
    depth = draw.choice(DEPTHS)
    opened, closed = draw.choice((("[", "]"), ('{"a":', "}")))
    return _with(opened * depth + "1" + closed * depth)(draw, arguments)


def _marked(_draw: random.Random, arguments: dict[str, Any]) -> bytes:
    return b"\xef\xbb\xbf" + _text(arguments)


def _wide(_draw: random.Random, arguments: dict[str, Any]) -> bytes:
    return json.dumps(arguments).encode("utf-16")


def _large(draw: random.Random, arguments: dict[str, Any]) -> bytes:
    return _text({**arguments, "title": "x" * draw.choice((300, 301, 262_144, 262_145, 1_100_000))})


VALUES = (
    r'"\u0000"', r'"nul \u0000 inside"', r'"\ud800"', r'"\udc00 x \ud800"', r'["\u0000"]', r'{"state":"\u0000"}',
    "1e999", "-1e999", "1" * 400, "9007199254740993", "18446744073709551616", "-9223372036854775809", "1.0", "1e2",
    "NaN", "Infinity", "true", "null", "[]", "{}", '""', '" "', r'"\u202e\u200b"', '"[1"', '"{"', r'"\ud83d\ude00"',
    '"\\u2028"', '"1e5"', '"٣"', "[null]", "[[]]", "[{}]", '[""]', r'{"\u0000":1}', r'{"\ud800":1}',
)  # fmt: skip
DAMAGES = (
    _cut, _flipped, _noise, _doubled, _nested, _marked, _wide, _large, *(_with(value) for value in VALUES),
)  # fmt: skip
