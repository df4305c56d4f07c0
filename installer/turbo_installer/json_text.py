"""The only place that edits JSON text: it changes the spans it must and leaves every other byte as it was.

A text must have passed `parse` before any other function of this file sees it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_INDENT = re.compile(r"[ \t]*")


class NotJson(ValueError):
    """The text is not JSON; the message says where and why, without quoting what stands there."""


def parse(text: str) -> Any:
    """Integers come back as floats: a number of 5,000 digits is legal JSON, and Python's int refuses it."""
    if not text.strip():
        raise NotJson("it is empty")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"line {error.lineno}, column {error.colno}: {_reason(text, error)}") from None


def _reason(text: str, error: json.JSONDecodeError) -> str:
    if text.startswith(("//", "/*", "#"), error.pos):
        return "JSON has no comments"
    before = text[: error.pos].rstrip()
    after = text[error.pos :].lstrip(", \t\r\n")
    if after.startswith(("}", "]")) and (before.endswith(",") or text.startswith(",", error.pos)):
        return "a comma stands before the closing bracket"
    return error.msg[0].lower() + error.msg[1:]


def _refuse_constant(name: str) -> float:
    raise NotJson(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(parse_int=float, parse_constant=_refuse_constant)


@dataclass(frozen=True)
class Part:
    """One member of an object or one item of an array; an item has no name and starts where its value starts."""

    name: str | None
    start: int
    value_start: int
    end: int


@dataclass(frozen=True)
class Container:
    """An object or array: `start` is its opening bracket, `end` is behind its closing one."""

    start: int
    end: int
    parts: tuple[Part, ...]

    def index(self, key: str | int) -> int | None:
        """Of a name that stands twice the last one counts, as for every JSON reader."""
        if isinstance(key, int):
            return key if key < len(self.parts) else None
        found = [index for index, part in enumerate(self.parts) if part.name == key]
        return found[-1] if found else None


def container(text: str, path: Path) -> Container | None:
    """The object or array at `path`, or None."""
    start = _skip_space(text, 0)
    for name in path:
        box = _scan(text, start)
        index = box.index(name) if box else None
        if box is None or index is None:
            return None
        start = box.parts[index].value_start
    return _scan(text, start)


def value_text(text: str, path: Path, name: str) -> str:
    part = _part(text, path, name)[1]
    return text[part.value_start : part.end]


def insert(text: str, path: Path, name: str | None, value: Any) -> str:
    """Append a member (or, without a name, an item) in the layout of its neighbours."""
    box = _container(text, path)
    layout = _Layout.of(text)
    if not box.parts:
        return _insert_first(text, box, layout, layout.renderer(name, value))
    last = box.parts[-1]
    if len(box.parts) > 1:
        gap = text[box.parts[-2].end : last.start]
    else:
        gap = "," + (text[box.start + 1 : last.start] or layout.blank)
    indent = _INDENT.match(gap.rpartition("\n")[2]) if "\n" in gap else None
    return text[: last.end] + gap + layout.renderer(name, value)(indent and indent.group()) + text[last.end :]


def replace(text: str, path: Path, name: str, raw: str) -> str:
    """Put `raw`, which is JSON text itself, in the place of a member's value."""
    part = _part(text, path, name)[1]
    return text[: part.value_start] + raw + text[part.end :]


def remove(text: str, path: Path, key: str | int) -> str:
    """The inverse of `insert`: what `insert` added goes, with the comma and the space that came along."""
    box, part = _part(text, path, key)
    index = box.parts.index(part)
    if len(box.parts) == 1:
        lead, trail = text[box.start + 1 : part.start], text[part.end : box.end - 1]
        return text[: box.start + 1] + ("" if lead else trail) + text[box.end - 1 :]
    if index:
        return text[: box.parts[index - 1].end] + text[part.end :]
    return text[: part.start] + text[box.parts[1].start :]


def prune(text: str, paths: tuple[Path, ...]) -> str:
    """Remove the containers at `paths`, innermost first, that are empty."""
    for path in sorted(paths, key=len, reverse=True):
        box = container(text, path)
        if box and not box.parts:
            text = remove(text, path[:-1], path[-1])
    return text


@dataclass(frozen=True)
class _Layout:
    newline: str
    unit: str
    blank: str
    one_line: bool

    @classmethod
    def of(cls, text: str) -> "_Layout":
        box = _container(text, ())
        lead = text[box.start + 1 : box.parts[0].start] if box.parts else ""
        unit = lead.rpartition("\n")[2].rstrip("\r") if "\n" in lead else ""
        minified = '":' in text and '": ' not in text
        one_line = bool(box.parts) and "\n" not in text.strip()
        return cls("\r\n" if "\r\n" in text else "\n", unit or "  ", "" if minified else " ", one_line)

    def renderer(self, name: str | None, value: Any) -> Callable[[str | None], str]:
        def render(indent: str | None) -> str:
            head = "" if name is None else f"{json.dumps(name)}:{self.blank}"
            if indent is None:
                return head + json.dumps(value, ensure_ascii=False, separators=("," + self.blank, ":" + self.blank))
            body = json.dumps(value, ensure_ascii=False, indent=self.unit, separators=(",", ":" + self.blank))
            return head + body.replace("\n", self.newline + indent)

        return render


def _insert_first(text: str, box: Container, layout: _Layout, render: Callable[[str | None], str]) -> str:
    """Space inside an empty container stays behind the new part: so `remove` can tell it from its own."""
    head, tail = text[: box.start + 1], text[box.start + 1 :]
    if layout.one_line or box.end - box.start > len("{}"):
        return head + render(None) + tail
    line = text[text.rfind("\n", 0, box.start) + 1 : box.start]
    outer = line[: len(line) - len(line.lstrip(" \t"))]
    inner = outer + layout.unit
    return head + layout.newline + inner + render(inner) + layout.newline + outer + tail


def _container(text: str, path: Path) -> Container:
    box = container(text, path)
    if box is None:
        raise KeyError(".".join(path))
    return box


def _part(text: str, path: Path, key: str | int) -> tuple[Container, Part]:
    box = _container(text, path)
    index = box.index(key)
    if index is None:
        raise KeyError(f"{'.'.join(path)}[{key}]")
    return box, box.parts[index]


def _scan(text: str, start: int) -> Container | None:
    if text[start] not in "{[":
        return None
    closing = "}" if text[start] == "{" else "]"
    parts = []
    at = _skip_space(text, start + 1)
    while text[at] != closing:
        parts.append(_scan_part(text, at, named=closing == "}"))
        at = _skip_space(text, parts[-1].end)
        if text[at] == ",":
            at = _skip_space(text, at + 1)
    return Container(start, at + 1, tuple(parts))


def _scan_part(text: str, start: int, *, named: bool) -> Part:
    name, value_start = None, start
    if named:
        name, colon = _DECODER.raw_decode(text, start)
        value_start = _skip_space(text, _skip_space(text, colon) + 1)
    return Part(name, start, value_start, _DECODER.raw_decode(text, value_start)[1])


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
