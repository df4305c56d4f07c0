"""The values a plan is made of: what to change, what was found, and the part of the installation each belongs to."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from turbo_installer.record import Record


class Part(StrEnum):
    """The three things Claude Code is given; one may fail without the others."""

    SERVER = "server"
    PERMISSION = "permission"
    COMMANDS = "commands"


@dataclass(frozen=True)
class FileChange:
    """`before` is what the plan was made from; the file must still hold it. None means: no such file.

    `private` is the mode of a new file (0600), `whole` marks content that must not be shown, as it may hold
    the secrets of others.
    """

    part: Part
    path: Path
    before: bytes | None
    after: bytes | None
    summary: str
    private: bool = False
    whole: bool = False


@dataclass(frozen=True)
class ClaudeCalls:
    """Runs of the `claude` program that together change `path`, whose content was `before`."""

    part: Part
    path: Path
    before: bytes | None
    calls: tuple[tuple[str, ...], ...]
    summary: str


@dataclass(frozen=True)
class FolderRemoval:
    """An empty folder which an earlier installation made."""

    part: Part
    path: Path
    summary: str


Change = FileChange | ClaudeCalls | FolderRemoval


@dataclass(frozen=True)
class Finding:
    """A problem leaves a part undone and fails the run; the rest is worth knowing only."""

    part: Part
    problem: bool
    message: str
    remedy: str | None = None


@dataclass(frozen=True)
class Plan:
    """`record` is what must be remembered once the changes are made."""

    record: Record
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()


class LeftAlone(Exception):
    """The way out of a part that cannot be planned: its file stays as it is."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding
