"""`name=value` words of a command line turned into a tool's arguments, by the types that its inputSchema asks for."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from turbo_client.errors import UsageError

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DEEPEST = 16


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
        arguments[name] = (
            _json(name, text) if exact else _value(name, _content(name, text), properties.get(name), schema)
        )
    return arguments


def kinds_of(schema: object, root: dict[str, Any], depth: int = 0) -> set[str]:
    """The JSON types that a schema admits; empty if it does not say."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return set()
    kind = schema.get("type")
    kinds = (
        {kind}
        if isinstance(kind, str)
        else {each for each in kind if isinstance(each, str)}
        if isinstance(kind, list)
        else set()
    )
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        kinds |= kinds_of(choice, root, depth + 1)
    if isinstance(schema.get("$ref"), str):
        kinds |= kinds_of(_resolved(schema["$ref"], root), root, depth + 1)
    if not kinds:
        kinds = {_kind(value) for value in (*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ()))}
    return kinds


def _content(name: str, text: str) -> str:
    """The value itself, or the file or the stdin that it names, byte for byte as UTF-8."""
    if text != "-" and not text.startswith("@"):
        return text
    try:
        raw = sys.stdin.buffer.read() if text == "-" else Path(text[1:]).read_bytes()
        return raw.decode()
    except OSError as error:
        hint = f"Write {name}:='\"@...\"' for a text that begins with @."
        raise UsageError(f"{text[1:]} cannot be read ({error.strerror}).", hint) from None
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


def _number(kind: Callable[[str], float]) -> Callable[[str, str, object, dict[str, Any]], float | None]:
    def read(_name: str, text: str, _schema: object, _root: dict[str, Any]) -> float | None:
        try:
            value = kind(text)
        except ValueError:
            return None
        return value if abs(value) < float("inf") else None

    return read


def _array(name: str, text: str, schema: object, root: dict[str, Any]) -> list[Any] | None:
    """JSON if it looks like it, else what stands between the commas."""
    if text.lstrip().startswith("["):
        value = _json(name, text)
        return value if isinstance(value, list) else None
    items = _items(schema, root)
    return [_value(name, part.strip(), items, root) for part in text.split(",") if part.strip()]


def _object(name: str, text: str, _schema: object, _root: dict[str, Any]) -> dict[str, Any] | None:
    value = _json(name, text)
    return value if isinstance(value, dict) else None


_READERS: dict[str, Callable[[str, str, object, dict[str, Any]], Any]] = {
    "null": lambda _name, _text, _schema, _root: None,
    "boolean": _boolean,
    "integer": _number(int),
    "number": _number(float),
    "array": _array,
    "object": _object,
}


def _items(schema: object, root: dict[str, Any]) -> object:
    """The schema of an array's entries, also where the array is one choice of several."""
    if not isinstance(schema, dict):
        return None
    if isinstance(schema.get("$ref"), str):
        return _items(_resolved(schema["$ref"], root), root)
    choices = (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()))
    return next((choice["items"] for choice in choices if isinstance(choice, dict) and "items" in choice), None)


def _resolved(reference: str, root: dict[str, Any]) -> object:
    node: object = root if reference.startswith("#") else None
    for step in reference.removeprefix("#").strip("/").split("/"):
        node = node.get(step) if isinstance(node, dict) else None
    return node


def _kind(value: object) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError(f"The value of {name} is not valid JSON.", f"Write for example {name}:='[1, 2]'.") from None
