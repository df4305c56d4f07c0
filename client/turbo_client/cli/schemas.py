"""What a tool's JSON schema says of a value: its types, what there is to choose from, what is inside, an example."""

import json
import re
from typing import Any

_DEEPEST = 16
_SAMPLED = 3
_SUCH_AS = re.compile(r"\bsuch as ([^\s,;]+)", re.IGNORECASE)
_KEY = re.compile(r"\b[A-Z]{2,10}-[A-Z]?\d+\b")

Schema = dict[str, Any]


def sample(name: str, field: object, root: Schema, *, as_json: bool = False) -> Any:
    """A value that fits: as a word of the command line takes it, or exactly."""
    return _sample(name, described(field, root), root, 1 if as_json else 0)


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
        kinds |= kinds_of(resolved(schema["$ref"], root), root, depth + 1)
    if not kinds:
        kinds = {_kind(value) for value in (*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ()))}
    return kinds


def items_of(schema: object, root: dict[str, Any]) -> object:
    """The schema of an array's entries, also where the array is one choice of several."""
    if not isinstance(schema, dict):
        return None
    if isinstance(schema.get("$ref"), str):
        return items_of(resolved(schema["$ref"], root), root)
    choices = (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()))
    return next((choice["items"] for choice in choices if isinstance(choice, dict) and "items" in choice), None)


def resolved(reference: str, root: dict[str, Any]) -> object:
    node: object = root if reference.startswith("#") else None
    for step in reference.removeprefix("#").strip("/").split("/"):
        node = node.get(step) if isinstance(node, dict) else None
    return node


def _kind(value: object) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def values_of(about: Schema, root: Schema) -> list[str]:
    choices = [about, *(described(each, root) for each in (*about.get("anyOf", ()), *about.get("oneOf", ())))]
    return [spelled(value) for choice in choices for value in choice.get("enum", ()) if value is not None]


def spelled(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def described(field: object, root: Schema) -> Schema:
    """With what a reference points to, and the words that stand beside the reference."""
    if not isinstance(field, dict):
        return {}
    target = resolved(field["$ref"], root) if isinstance(field.get("$ref"), str) else {}
    return {**(target if isinstance(target, dict) else {}), **field}


def inside_of(about: Schema, root: Schema) -> Schema | None:
    """The schema of the object that it is, or is a list of."""
    for each in (about, described(items_of(about, root), root), *about.get("anyOf", ())):
        found = described(each, root)
        if found.get("properties"):
            return found
    return None


def _sample(name: str, about: Schema, root: Schema, depth: int = 0) -> Any:
    if values := values_of(about, root):
        return values[0]
    kinds = kinds_of(about, root)
    items = items_of(about, root)
    if items is not None and depth < _SAMPLED:
        inner = _sample(name.removesuffix("s"), described(items, root), root, depth + 1)
        return [inner] if isinstance(inner, dict) or depth else inner
    if (inside := inside_of(about, root)) and depth < _SAMPLED:
        wanted = inside.get("required") or list(inside["properties"])[:2]
        return {each: _sample(each, described(inside["properties"][each], root), root, depth + 1) for each in wanted}
    if kinds & {"integer", "number"}:
        return "1" if depth == 0 else 1
    if "boolean" in kinds:
        return "true" if depth == 0 else True
    words = str(about.get("description", ""))
    found = _SUCH_AS.search(words) or _KEY.search(words)
    return found.group(found.lastindex or 0) if found else "..." if depth else name.upper()
