"""A tool's result for people: fields as lines, lists of records as tables, text as it is."""

from typing import Any

_WIDEST_CELL = 60


def readable(value: Any) -> str:
    return "\n".join(_lines(value))


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [line for name, field in value.items() for line in _field(name, field)]
    if isinstance(value, list):
        return _table(value) if value and all(isinstance(row, dict) for row in value) else _bullets(value)
    return _plain(value).split("\n")


def _field(name: str, value: Any) -> list[str]:
    if isinstance(value, list) and not any(isinstance(entry, dict | list) for entry in value):
        return [f"{name}: {', '.join(map(_plain, value)) or '-'}"]
    if isinstance(value, dict | list) and value:
        return [f"{name}:", *(f"  {line}" for line in _lines(value))]
    text = "-" if isinstance(value, dict | list) else _plain(value)
    return [f"{name}:", *(f"  {line}" for line in text.split("\n"))] if "\n" in text else [f"{name}: {text}"]


def _bullets(values: list[Any]) -> list[str]:
    lines = []
    for value in values:
        first, *rest = _lines(value) or [""]
        lines += [f"- {first}", *(f"  {line}" for line in rest)]
    return lines


def _table(rows: list[dict[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names] + [[_cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        text = ", ".join(f"{name}={_plain(field)}" for name, field in value.items())
    else:
        text = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 1] + "…"


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)
