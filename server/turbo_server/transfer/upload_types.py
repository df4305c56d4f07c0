"""An import through the web page: what it may be, what it did, and what can go wrong with it."""

from typing import Annotated, Literal

from pydantic import Field

from turbo_server.kit.errors import TurboError
from turbo_server.kit.schema import Result

Source = Literal["csv", "github", "beads", "taskmaster", "turbo"]
MOST_RECORDS = 5_000  # items, comments and work log entries; what is written in one transaction while others wait
SHOWN = 200  # of each list in an answer


class SourceOffered(Result):
    """`makes` is what a person gets the file by. `brings_projects`: the file says which projects its items go to."""

    source: Source
    name: str
    file: str
    makes: str
    brings_projects: bool


class ImportsOffered(Result):
    """`not_here` are what comes in on the server alone, with the reason."""

    sources: list[SourceOffered]
    most_bytes: int
    most_records: int
    not_here: list[str]


class Counted(Result):
    """`keys` are the first and the last that were made; in a dry run, those that would be."""

    kind: str
    count: int
    keys: str | None = None


class Understood(Result):
    """How a word of the file was read, so many times."""

    field: str
    theirs: str
    ours: str
    times: int


class NotTaken(Result):
    """What of `count` records was left out, or came in otherwise than it stands there; `records` are the first."""

    field: str
    why: str
    count: int
    records: str


class Stranger(Result):
    """Somebody in the file who is nobody here: `people` may say who that is."""

    name: str
    times: int


class Imported(Result):
    """Lists hold the first 200; `more` counts the rest of `not_taken`. `session` is that of all that was written."""

    source: Source
    projects: list[str]
    written: bool
    created: list[Counted]
    skipped: list[Counted]
    words: list[Understood]
    not_taken: list[NotTaken]
    more: Annotated[int | None, Field(description="Further entries of not_taken")] = None
    strangers: list[Stranger]
    session: str | None = None


class ImportRefused(TurboError):
    """Of the file: what is wrong with it stands in the message, with the line where that is known."""

    status = 422
    code = "import_refused"

    def __init__(self, message: str, hint: str = "Mend the file, and import it again: nothing was imported.") -> None:
        super().__init__(message, hint)
