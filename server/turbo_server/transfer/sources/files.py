"""Opens what is to be read, and says what is wrong with it before anything is made of it."""

import json
from pathlib import Path
from typing import Any

from turbo_server.transfer.errors import BadFile, TransferFailed


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TransferFailed(f"{path} cannot be read: {error.strerror}.") from error


def read_text(path: Path) -> str:
    """UTF-8, with or without a mark at its beginning."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{path.name}, line {line}", "this is not UTF-8", "Save the file as UTF-8.") from error


def parse_json(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{place}, line {error.lineno}" if error.lineno > 1 else place
        raise BadFile(where, f"this is not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise BadFile(place, "this is nested too deeply") from error


def require_object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadFile(place, "this is no JSON object")
    return value


def list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Texts and numbers as they are; nothing, of anything else."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def sections(*parts: tuple[str, str]) -> str:
    """One text of several, each under its heading; the first stands without one."""
    told = [f"## {heading}\n\n{text}" if heading else text for heading, text in parts if text.strip()]
    return "\n\n".join(told)
