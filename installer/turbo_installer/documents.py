"""A JSON configuration file as the planners see it: its text, its value, and the way back to bytes."""

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from turbo_installer import json_text
from turbo_installer.changes import FileChange, Finding, LeftAlone, Part
from turbo_installer.state import State


@dataclass(frozen=True)
class Document:
    part: Part
    path: Path
    before: bytes | None
    text: str
    value: dict[str, Any]
    again: str

    def change(self, text: str, summary: str, *, private: bool = False) -> FileChange:
        mark = codecs.BOM_UTF8 if self.before and self.before.startswith(codecs.BOM_UTF8) else b""
        return FileChange(self.part, self.path, self.before, mark + text.encode(), summary, private=private)

    def without_file(self, summary: str) -> FileChange:
        return FileChange(self.part, self.path, self.before, None, summary)

    def child(self, kind: type[dict[str, Any]] | type[list[Any]], *names: str) -> Any:
        """The value at the path `names`, an empty one if it is not there."""
        value: Any = self.value
        for name in names:
            if name not in value:
                return kind()
            value = value[name]
        if isinstance(value, kind):
            return value
        wanted = "an object" if kind is dict else "a list"
        raise self.left_alone(f"has something else than {wanted} at {'.'.join(names)}")

    def left_alone(self, reason: str) -> LeftAlone:
        return _left_alone(self.part, self.path, reason, self.again)


def open_document(state: State, part: Part, path: Path, *, new: str) -> Document:
    """`new` is the text a file starts from that does not exist yet. Raises LeftAlone for what is not a JSON object."""
    if path in state.unreadable:
        raise LeftAlone(
            Finding(
                part,
                problem=True,
                message=f"{path} cannot be read: {state.unreadable[path]}.",
                remedy=f"Make it a file that you can read and write, then {state.again}.",
            )
        )
    data = state.files[path]
    try:
        text = new if data is None else data.decode("utf-8-sig")
        value = json_text.parse(text)
    except UnicodeDecodeError:
        raise _left_alone(part, path, "is not UTF-8 text", state.again) from None
    except json_text.NotJson as error:
        raise _left_alone(part, path, f"is not valid JSON ({error})", state.again) from None
    if not isinstance(value, dict):
        raise _left_alone(part, path, "does not hold a JSON object", state.again)
    return Document(part, path, data, text, value, state.again)


def _left_alone(part: Part, path: Path, reason: str, again: str) -> LeftAlone:
    return LeftAlone(
        Finding(
            part,
            problem=True,
            message=f"{path} {reason}. It was left exactly as it is.",
            remedy=f"Correct that place (Claude Code does not accept it either), then {again}.",
        )
    )
