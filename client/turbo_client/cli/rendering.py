"""A tool's result for people: fields as lines, lists of records as tables, changes as arrows, text as it is."""

import re
import unicodedata
from typing import Any

_WIDEST_CELL = 60
_UUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_CHANGE = frozenset({"field", "before", "after"})


def readable(value: Any) -> str:
    return "\n".join(_lines(value))


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [_change(value)] if _is_change(value) else [line for each in value.items() for line in _field(*each)]
    if not isinstance(value, list):
        return _plain(value).split("\n")
    if all(isinstance(row, dict) for row in value) and not all(map(_is_change, value)):
        return _table(value)
    return _bullets(value)


def _field(name: str, value: Any) -> list[str]:
    if isinstance(value, dict | list) and not value:
        return [f"{name}: none"]
    if isinstance(value, list) and not any(isinstance(entry, dict | list) for entry in value):
        return [f"{name}: {', '.join(map(_plain, value))}"]
    if isinstance(value, dict | list):
        return [f"{name}:", *(f"  {line}" for line in _lines(value))]
    text = _plain(value)
    return [f"{name}:", *(f"  {line}" for line in text.split("\n"))] if "\n" in text else [f"{name}: {text}"]


def _is_change(value: object) -> bool:
    """What became of one field, as receipts and histories tell it."""
    return isinstance(value, dict) and "field" in value and value.keys() <= _CHANGE


def _change(change: dict[str, Any]) -> str:
    before, after = change.get("before"), change.get("after")
    if before is None and after is None:  # a text: its author just wrote it
        return f"{change['field']}: changed"
    return f"{change['field']}: {_word(before)} -> {_word(after)}"


def _word(value: object) -> str:
    return "none" if value is None else " ".join(_plain(value).split())


def _bullets(values: list[Any]) -> list[str]:
    lines = []
    for value in values:
        first, *rest = _lines(value) or [""]
        lines += [f"- {first}", *(f"  {line}" for line in rest)]
    return lines


def _table(rows: list[dict[str, Any]]) -> list[str]:
    """What is itself a list of records stands under its row."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    inner = [name for name in names if any(_is_nested(row.get(name)) for row in rows)]
    columns = [name for name in names if name not in inner]
    if len(columns) < 2 and not inner:
        return _bullets([_cell(row[columns[0]]) if columns and columns[0] in row else "-" for row in rows])
    cells = [columns] + [[_cell(row.get(name)) for name in columns] for row in rows]
    widths = [max(_width(line[place]) for line in cells) for place in range(len(columns))]
    lines = ["  ".join(map(_padded, line, widths)).rstrip() for line in cells]
    below: list[list[str]] = [[]]
    below += [[f"    {line}" for name in inner if row.get(name) for line in _under(name, row)] for row in rows]
    return [text for line, more in zip(lines, below, strict=True) for text in (line, *more)]


def _under(name: str, row: dict[str, Any]) -> list[str]:
    value = row[name]
    return [_change(each) for each in value] if all(map(_is_change, value)) else _field(name, value)


def _is_nested(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value)


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        text = _change(value) if _is_change(value) else ", ".join(f"{name}={_plain(of)}" for name, of in value.items())
    else:
        text = (", ".join(map(_plain, value)) or "-") if isinstance(value, list) else _plain(value)
    return _cut(_UUID.sub(r"\1", " ".join(text.split())))


def _cut(text: str) -> str:
    if _width(text) <= _WIDEST_CELL:
        return text
    while _width(text) >= _WIDEST_CELL:
        text = text[:-1]
    return f"{text}…"


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """In columns of a terminal: wide characters take two, those that sit on others none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name}={_plain(of)}" for name, of in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
