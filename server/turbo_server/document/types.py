"""What a document looks like to a caller, and what can go wrong with one."""

from typing import Annotated, Literal

from pydantic import Field

from turbo_server.activity.types import Change
from turbo_server.kit.errors import Conflict, NotFound, closest, nearest
from turbo_server.kit.fields import FIELD_LIMIT, Line, Text, WholeOnly, Word
from turbo_server.kit.schema import Moment, Result
from turbo_server.kit.text import clip

StatusName = Literal["draft", "published"]
Status = Annotated[StatusName, Word]
Markdown = Annotated[Text, Field(description="Markdown")]
FromFile = Annotated[Line, Field(description="Path in the project folder, read by the client into text")]
FILES = {"file": "text"}
LARGEST_VERSION = 2**31 - 1
VersionNumber = Annotated[int, Field(ge=1, le=LARGEST_VERSION), WholeOnly]
COMPARED = 500  # headings that a name that was not found is compared with
SHOWN = 12


class OutlineRow(Result):
    """Level 0 and no title: what stands before the first heading. `characters` counts sub-sections too."""

    number: str
    level: int
    title: str
    characters: int


class Version(Result):
    version: int
    title: str | None = None
    author: str
    machine: str | None = None
    session: str | None = None
    at: Moment
    note: str | None = None
    characters: int


class DocumentReceipt(Result):
    """What a write answers: the key, and what it did."""

    key: str
    title: str
    status: str
    version: int
    characters: int
    created: bool | None = None
    changed: list[Change] | None = None
    note: str | None = None
    warning: str | None = None
    url: str | None = None


class DocumentNotFound(NotFound):
    code = "document_not_found"

    def __init__(self, key: str, last: int, near: list[str]) -> None:
        project = key.partition("-")[0]
        numbered = f"{project} goes up to {project}-D{last}." if last else f"{project} has no documents yet."
        hint = " ".join(part for part in (numbered, nearest(near), "create_document makes one.") if part)
        super().__init__(f"There is no document {key}.", hint)


class VersionNotFound(NotFound):
    code = "version_not_found"

    def __init__(self, key: str, version: int, latest: int) -> None:
        super().__init__(
            f"{key} has no version {version}.",
            f"It has 1 to {latest}; include=versions lists them.",
        )


class SectionNotFound(NotFound):
    code = "section_not_found"

    def __init__(self, key: str, name: str, known: list[str]) -> None:
        names = [clip(each, 60) for each in known[:COMPARED]]
        titles = {each.partition(" ")[2] or each: each for each in reversed(names)}
        shown = ", ".join(names[:SHOWN]) + (", …" if len(known) > SHOWN else "")
        hint = f"{closest(clip(name, 60), titles)} Sections: {shown}." if names else "It has no sections."
        super().__init__(
            f"{key} has no section {clip(name, 60)!r}.", f"{hint.strip()} get_item(include=outline) lists all."
        )


class SectionAmbiguous(Conflict):
    code = "section_ambiguous"

    def __init__(self, name: str, choices: list[str]) -> None:
        shown = ", ".join(repr(clip(each, 60)) for each in choices[:SHOWN])
        super().__init__(f"{clip(name, 60)!r} could be {len(choices)} sections.", f"Say which as section: {shown}.")


class DocumentTooLarge(Conflict):
    code = "document_too_large"

    def __init__(self) -> None:
        super().__init__(
            f"The document would be over {FIELD_LIMIT // 1024} KiB.", "Shorten it, or put a part into another document."
        )
