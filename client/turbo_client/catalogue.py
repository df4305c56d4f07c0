"""The server's tool list, kept on disk so that a session starts while the server sleeps, offline and logged out.

One file per API origin and key. Its first line is a header, its second the `tools` array as it goes to the client, so
that tools/list is answered by splicing text.
"""

# Without pathlib, see paths.py, and without re, see json_text.py.
# ruff: noqa: PTH118, PTH123

from __future__ import annotations

import os

from turbo_client import json_text, paths
from turbo_client.json_text import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FORMAT = 1
_LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LONGEST_NAME = 128
_OPTIONAL_FIELDS = {
    "title": str,
    "description": str,
    "annotations": dict,
    "outputSchema": dict,
    "icons": list,
    "_meta": dict,
}


class Catalogue:
    """An unchanging tool list. `tools_text` is its JSON in the server's own order, keys and unknown fields included."""

    __slots__ = ("etag", "instructions", "max_age", "tools", "tools_text")

    def __init__(self, instructions: str, tools_text: str, etag: str, max_age: int) -> None:
        self.instructions = instructions
        self.tools_text = tools_text
        self.etag = etag
        self.max_age = max_age
        self.tools: dict[str, dict[str, Any]] = {tool["name"]: tool for tool in json_text.parse(tools_text)}

    def offers_the_same_as(self, other: Catalogue | None) -> bool:
        return other is not None and other.tools_text == self.tools_text and other.instructions == self.instructions

    def only_reads(self, name: str) -> bool:
        annotations = self.tools.get(name, {}).get("annotations")
        return isinstance(annotations, dict) and annotations.get("readOnlyHint") is True


def from_answer(answer: object, etag: str, max_age: int) -> tuple[Catalogue, list[str]] | None:
    """The server's GET /v1/tools made safe to offer, with a warning for all that is left out. None if it is no list.

    One bad entry would otherwise take all tools with it: clients refuse a list whose inputSchema is not an object's.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("tools"), list):
        return None
    warnings: list[str] = []
    tools: dict[str, dict[str, Any]] = {}
    for entry in answer["tools"]:
        tool = _sound(entry, warnings)
        if tool is not None and tool["name"] not in tools:
            tools[tool["name"]] = tool
    instructions = answer.get("instructions")
    text = dump(list(tools.values()))
    return Catalogue(instructions if isinstance(instructions, str) else "", text, etag, max_age), warnings


def _sound(entry: object, warnings: list[str]) -> dict[str, Any] | None:
    """The entry with an inputSchema that says it is an object's and without fields of a wrong type; None to drop it."""
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(name, str) or not _is_name(name):
        warnings.append("a tool without a valid name")
        return None
    schema = entry.get("inputSchema")
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        warnings.append(f"tool {name}: its inputSchema does not describe an object")
        return None
    tool = {key: value for key, value in entry.items() if isinstance(value, _OPTIONAL_FIELDS.get(key, object))}
    warnings.extend(f"tool {name}: {key} of a wrong type" for key in entry if key not in tool)
    output: Any = tool.get("outputSchema", {})
    if output.get("type", "object") != "object":
        warnings.append(f"tool {name}: its outputSchema does not describe an object")
        del tool["outputSchema"]
    if "type" not in schema:
        tool["inputSchema"] = {"type": "object"} | schema
    return tool


def _is_name(text: str) -> bool:
    """As MCP has it, and none that means a folder in the path of a URL: `.` and `..`."""
    is_made_of_them = 0 < len(text) <= _LONGEST_NAME and not text.strip(_LETTERS_AND_DIGITS + "_.-")
    return is_made_of_them and bool(text.strip("."))


def load(origin: str, fingerprint: str) -> Catalogue | None:
    """None for no file, and for one that is damaged, of another format or of another origin or key."""
    try:
        with open(_path(origin, fingerprint), encoding="utf-8") as file:
            header = json_text.parse(file.readline())
            if (header["format"], header["origin"], header["key"]) != (_FORMAT, origin, fingerprint):
                return None
            return Catalogue(header["instructions"], file.readline().rstrip("\n"), header["etag"], header["max_age"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def save(catalogue: Catalogue, origin: str, fingerprint: str) -> None:
    header = {
        "format": _FORMAT,
        "origin": origin,
        "key": fingerprint,
        "etag": catalogue.etag,
        "max_age": catalogue.max_age,
        "instructions": catalogue.instructions,
    }
    text = dump(header) + "\n" + catalogue.tools_text + "\n"
    paths.write_private(_path(origin, fingerprint), text.encode())


def forget(origin: str, fingerprint: str) -> bool:
    return paths.remove(_path(origin, fingerprint))


def _path(origin: str, fingerprint: str) -> str:
    name = ""
    for character in origin:
        if character in _LETTERS_AND_DIGITS or character in ".-":
            name += character
        elif not name.endswith("_"):
            name += "_"
    return os.path.join(paths.catalogue_directory(), f"{name}-{fingerprint}.json")
