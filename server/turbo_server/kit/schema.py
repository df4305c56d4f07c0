"""The bases of all argument and result models, and the JSON Schemas made of them.

A client must get by with plain JSON Schema: top-level object, no `$ref`, no null unions, no pydantic titles.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema, model_validator


class Arguments(BaseModel):
    """Unknown arguments are refused; null counts as not given (models often spell out every optional)."""

    # Built when first used: all of them at once would be a fifth of the time until the server answers.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def drop_nulls(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


class Result(BaseModel):
    """What a tool answers: compact JSON, complete on its own, empty fields left out."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    def as_json(self) -> bytes:
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)


class Listing(Result):
    """A page. `next_cursor` is always there, null at the end: a missing one would read as the end by mistake."""

    total: int
    next_cursor: Annotated[str | None, WithJsonSchema({"type": ["string", "null"]})] = None

    def as_json(self) -> bytes:
        body = super().as_json()
        return body if self.next_cursor else body[:-1] + b',"next_cursor":null}'


def to_seconds(moment: datetime | str) -> str:
    """2026-11-23T09:30:00Z, of a moment in UTC or SQLite's ISO text of one. strftime takes six times as long."""
    return f"{(moment if isinstance(moment, str) else moment.isoformat())[:19]}Z"


Moment = Annotated[datetime, PlainSerializer(to_seconds, return_type=str)]


def input_schema(model: type[BaseModel]) -> dict[str, Any]:
    schema = _plain(model.model_json_schema(mode="validation"))
    return {
        "type": "object",
        "properties": schema.get("properties", {}),
        "required": schema.get("required", []),
        "additionalProperties": False,
    }


def output_schema(model: type[BaseModel]) -> dict[str, Any]:
    return _plain(model.model_json_schema(mode="serialization"))


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = schema.pop("$defs", {})
    flattened: dict[str, Any] = _flatten(schema, definitions)
    flattened.pop("description", None)
    return flattened


def _flatten(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_flatten(entry, definitions) for entry in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        rest = {key: value for key, value in node.items() if key != "$ref"}
        referred = {key: value for key, value in definitions[node["$ref"].removeprefix("#/$defs/")].items()
                    if key != "description"}  # the class's docstring, meant for us  # fmt: skip
        return _flatten({**referred, **rest}, definitions)
    if "anyOf" in node and "$ref" in (plain := _without_null(node)):
        return _flatten(plain, definitions)
    if "anyOf" in node:
        node = plain
    properties = node.get("properties")
    flat = {key: _flatten(value, definitions) for key, value in node.items() if key not in ("title", "properties")}
    if isinstance(properties, dict):  # a property may itself be called "title"
        flat["properties"] = {name: _flatten(value, definitions) for name, value in properties.items()}
    return {key: value for key, value in flat.items() if not (key == "default" and value in (None, "", []))}


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    kept = [option for option in node["anyOf"] if option.get("type") != "null"]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, "anyOf": kept}
