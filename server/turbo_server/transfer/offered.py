"""Which files the web page takes, and which of them one is: by its first bytes, and its name where they do not tell."""

import re
from pathlib import Path

from .errors import TransferFailed
from .recognise import OURS, SQLITE, packed
from .upload_types import Source, SourceOffered

OFFERED = (
    SourceOffered(
        source="csv", name="Spreadsheet, Linear, Jira", file="CSV", brings_projects=False,
        makes="Linear: Settings, Administration, Import / Export, Export CSV. Jira: a search, Export, CSV (all fields)."
        " A spreadsheet: save as CSV; the first row names the columns.",
    ),
    SourceOffered(
        source="github", name="GitHub issues", file="JSON", brings_projects=False,
        makes="gh issue list --state all --limit 5000 --json number,title,body,state,labels,assignees,milestone,author,"
        "createdAt,updatedAt,closedAt,comments,url,stateReason > issues.json",
    ),
    SourceOffered(
        source="beads", name="beads", file="JSON lines", brings_projects=False, makes="bd export -o issues.jsonl",
    ),
    SourceOffered(
        source="taskmaster", name="Task Master", file="JSON", brings_projects=False,
        makes=".taskmaster/tasks/tasks.json of the project",
    ),
    SourceOffered(
        source="turbo", name="The original Turbo", file="SQLite", brings_projects=True,
        makes="turbo.db, as it lies there; it is only read",
    ),
)  # fmt: skip
NOT_HERE = (
    "Backlog.md is a folder: turbo-server import --from backlog FOLDER --project KEY, on the server.",
    "An export of a whole turbo-server takes the place of an empty database: turbo-server import FILE, on the server.",
    "Attachments, and custom fields that have no place here, are named in the report and left out.",
)
_FOR = "Choose the tool that it is from."


def recognised(name: str, content: bytes, wanted: Source | None) -> Source:
    """Raises TransferFailed for what is certainly none of them."""
    if not content.strip():
        raise TransferFailed(f"{name} is empty.")
    if what := packed(content):
        raise TransferFailed(f"{name} is compressed ({what}). Unpack it first.")
    if content.startswith(OURS):
        raise TransferFailed(f"{name} is an export of turbo-server, which is imported as a whole. {NOT_HERE[1]}")
    if content.startswith(SQLITE):
        return "turbo"
    return wanted or _by_look(name, content)


def _by_look(name: str, content: bytes) -> Source:
    suffix, begin = Path(name).suffix.lower(), content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in (".csv", ".tsv"):
        return "csv"
    if suffix == ".jsonl":
        return "beads"
    if re.match(rb"\[\s*\{", begin) or (begin.startswith(b"{") and re.search(rb'"number"\s*:\s*\d', begin)):
        return "github"
    if begin.startswith(b"{") and re.search(rb'"tasks"\s*:\s*\[', content[:65536]):
        return "taskmaster"
    if begin.startswith(b"{"):
        raise TransferFailed(f"{name} is JSON, but of no tool that is known by it. {_FOR}")
    return "csv"
