"""Which workspace a verb of the command line is about: the only one, or the one that is named."""

import argparse

from turbo_server.account import store
from turbo_server.account.identity import WORKSPACE
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.errors import InvalidArguments, NotFound, closest

LONGEST = 80


class WorkspaceNotFound(NotFound):
    code = "workspace_not_found"

    def __init__(self, name: str, known: list[str]) -> None:
        hint = f"{closest(name, known)} Workspaces: {', '.join(known)}.".strip()
        super().__init__(f"There is no workspace {name}.", hint)


class WorkspaceUnclear(InvalidArguments):
    code = "workspace_unclear"

    def __init__(self, known: list[str]) -> None:
        super().__init__("There are several workspaces.", f"Say which: --workspace {' | '.join(known[:20])}.")


def add_option(parser: argparse._ActionsContainer, words: str) -> None:
    parser.add_argument("--workspace", metavar="NAME", help=words)


async def workspace_name(db: Connection, given: str | None) -> str:
    """That of a new one too: the name that was given, else the only one there is, or the first to come.

    Raises WorkspaceUnclear and InvalidArguments.
    """
    if given is not None:
        name = given.strip()
        if not name or len(name) > LONGEST or not name.isprintable():
            raise InvalidArguments("A workspace's name has 1 to 80 characters, and no line breaks.", "Choose another.")
        return name
    known = [row["name"] for row in await store.all_workspaces(db)]
    if len(known) > 1:
        raise WorkspaceUnclear(known)
    return known[0] if known else WORKSPACE


async def require_workspace(db: Connection, given: str | None) -> Row:
    """Its id and name. Raises WorkspaceNotFound and WorkspaceUnclear."""
    name = await workspace_name(db, given)
    rows = await store.all_workspaces(db)
    found = next((row for row in rows if row["name"].casefold() == name.casefold()), None)
    if found is None:
        raise WorkspaceNotFound(name, [row["name"] for row in rows])
    return found
