"""The fields of a tool's arguments and result as rows of a table."""

from collections.abc import Iterator
from typing import Any

from turbo_server.kit.schema import Listing, Result

Schema = dict[str, Any]


def argument_rows(schema: Schema) -> Iterator[list[str]]:
    for name, field in schema["properties"].items():
        required = "yes" if name in schema["required"] else ""
        default = f"`{_word(field['default'])}`" if "default" in field else ""
        yield [f"`{name}`", type_of(field), required, default, _description(field)]


def _description(field: Schema) -> str:
    limits = [
        f"{words} {field[name]}"
        for name, words in (("minimum", "at least"), ("maximum", "at most"), ("maxItems", "entries: at most"))
        if name in field
    ]
    described = [field["description"]] if "description" in field else []
    return "; ".join(described + limits)


def _word(value: object) -> str:
    return "[]" if value == [] else '""' if value == "" else str(value)


def result_rows(model: type[Result]) -> Iterator[list[str]]:
    """Fields inside an object follow with their path, once for each kind of object; `[]` stands for every entry."""
    schema = model.model_json_schema(mode="validation")  # this mode tells apart what may be missing
    forced = {"next_cursor"} if issubclass(model, Listing) else set()
    yield from _rows(schema, schema.get("$defs", {}), "", forced, {})


def _rows(
    schema: Schema, definitions: Schema, prefix: str, forced: set[str], seen: dict[str, str]
) -> Iterator[list[str]]:
    for name, field in schema["properties"].items():
        there = "always; `null` on the last page" if name in forced else "when it has a value"
        if name in schema.get("required", ()) or field.get("default") is not None:
            there = "always"
        kind = _without_null(field)
        is_list = kind.get("type") == "array"
        reference = (kind["items"] if is_list else kind).get("$ref", "").rpartition("/")[2]
        known = f"{', each' if is_list else ','} like `{seen.get(reference)}`"
        yield [f"`{prefix}{name}`", type_of(kind) + (known if reference in seen else ""), there]
        if reference and reference not in seen:
            seen[reference] = f"{prefix}{name}{'[]' if is_list else ''}"
            yield from _rows(definitions[reference], definitions, f"{seen[reference]}.", set(), seen)


def _without_null(field: Schema) -> Schema:
    if isinstance(field.get("type"), list):
        field = {**field, "anyOf": [{**field, "type": each} for each in field["type"]]}
    options = [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]
    return options[0] if len(options) == 1 else field


def type_of(field: Schema) -> str:
    if "$ref" in field:
        return "object"
    words = _words(field)
    if words:
        return f"one of {', '.join(words)}" if len(words) > 1 else words[0]
    if field.get("type") == "array":
        inner = field["items"]
        words = _words(inner)
        return "list of objects" if "$ref" in inner else f"list of {', '.join(words) or type_of(inner)}"
    named = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    if field.get("format") in ("date", "date-time"):
        return "day" if field["format"] == "date" else "moment in UTC"
    kinds = [field["type"]] if isinstance(field["type"], str) else field["type"]
    return " or ".join(named.get(kind, kind) for kind in kinds)


def _words(field: Schema) -> list[str]:
    """The values of an enumeration, also of one that is made of several."""
    options = field.get("anyOf", [field])
    return [f"`{word}`" for option in options for word in option.get("enum", [option.get("const")]) if word is not None]
