"""`name=value` words of a command line turned into a tool's arguments, by the types that its inputSchema asks for."""

import json
import re
import shlex
import sys
from collections.abc import Callable
from typing import Any

from turbo_client import project_files
from turbo_client.cli.schemas import items_of, kinds_of, sample
from turbo_client.errors import FileRefused, UsageError

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DURATION = re.compile(r"(?i)\d[\d.]* ?(?:h|m)[\w ]*")  # 1h30m: what it is in a number, the tool knows


def parse(words: list[str], schema: dict[str, Any]) -> dict[str, Any]:
    """Raises UsageError for a word that cannot be what the schema asks for.

    A name that the schema does not know goes on as a string: the server's error suggests the right one.
    """
    arguments: dict[str, Any] = {}
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    for word in words:
        name, separator, text = word.partition("=")
        exact = name.endswith(":")
        name = name.removesuffix(":")
        if not separator or not name:
            raise UsageError(f"{word!r} is not name=value.", "Write for example title='Fix the login'.")
        if name in arguments:
            raise UsageError(f"{name} is given twice.", 'Write several values as name=a,b or name:=\'["a", "b"]\'.')
        content = text if exact else _content(name, text)
        try:
            arguments[name] = _json(text) if exact else _value(name, content, properties.get(name), schema)
        except BadJson as problem:
            raise _explained(problem, name, text, properties.get(name), schema) from None
    return arguments


class BadJson(ValueError):
    """Says where in the text it stops being JSON."""


def _explained(problem: BadJson, name: str, text: str, schema: object, root: dict[str, Any]) -> UsageError:
    source = f"The file {text[1:]}" if text.startswith("@") else f"The value of {name}"
    shape = shlex.quote(json.dumps(sample(name, schema, root, as_json=True), ensure_ascii=False))
    return UsageError(f"{source} is not what {name} takes: {problem}.", f"It has to look like {name}:={shape}")


def _content(name: str, text: str) -> str:
    """The value itself, or the file or the stdin that it names, byte for byte as UTF-8."""
    if text.startswith("@"):
        try:
            return project_files.read(text[1:])
        except FileRefused as refusal:
            hint = f"{refusal.hint} Write {name}:='\"@...\"' for a text that begins with @."
            raise UsageError(refusal.message, hint) from None
    if text != "-":
        return text
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise UsageError(f"What {name}={text} names is not text in UTF-8.", "Convert it first.") from None


def _value(name: str, text: str, schema: object, root: dict[str, Any]) -> Any:
    kinds = kinds_of(schema, root)
    if not kinds or "string" in kinds:
        return text
    for kind in ("null", "boolean", "integer", "number", "array", "object"):
        if kind in kinds:
            value = _READERS[kind](name, text, schema, root)
            if value is not None or (kind == "null" and text == "null"):
                return value
    raise UsageError(f"{name}={text[:80]} is not what the tool takes.", f"It takes: {' or '.join(sorted(kinds))}.")


def _boolean(_name: str, text: str, _schema: object, _root: dict[str, Any]) -> bool | None:
    return _TRUTHS.get(text.lower())


def _number(kind: Callable[[str], float]) -> Callable[[str, str, object, dict[str, Any]], float | str | None]:
    def read(_name: str, text: str, _schema: object, _root: dict[str, Any]) -> float | str | None:
        try:
            value = kind(text)
        except ValueError:
            return text if _DURATION.fullmatch(text.strip()) else None
        return value if abs(value) < float("inf") else None

    return read


def _array(name: str, text: str, schema: object, root: dict[str, Any]) -> list[Any] | None:
    """JSON if it looks like it, else what stands between the commas."""
    if text.lstrip().startswith("["):
        value = _json(text)
        return value if isinstance(value, list) else None
    items = items_of(schema, root)
    return [_value(name, part.strip(), items, root) for part in text.split(",") if part.strip()]


def _object(_name: str, text: str, _schema: object, _root: dict[str, Any]) -> dict[str, Any] | None:
    value = _json(text)
    if not isinstance(value, dict):
        raise BadJson("it is no JSON object")
    return value


_READERS: dict[str, Callable[[str, str, object, dict[str, Any]], Any]] = {
    "null": lambda _name, _text, _schema, _root: None,
    "boolean": _boolean,
    "integer": _number(int),
    "number": _number(float),
    "array": _array,
    "object": _object,
}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadJson(f"line {error.lineno}, column {error.colno} is not valid JSON") from None
    except (ValueError, RecursionError):
        raise BadJson("it is not valid JSON") from None
