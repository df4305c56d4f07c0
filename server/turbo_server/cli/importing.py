"""Who imports another tool's items, into which project: what the tools would know from a key."""

import argparse
from datetime import UTC, datetime, timedelta

from turbo_server.account import store as account
from turbo_server.catalogue import KINDS, Catalogue
from turbo_server.cli.connected import connected
from turbo_server.cli.workspaces import require_workspace, workspace_name
from turbo_server.kit.context import Actor, Context
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import NotFound, closest
from turbo_server.kit.keys import read_key
from turbo_server.kit.kind import Found
from turbo_server.migrations.version import stored_schema
from turbo_server.project.tools import CreateProject, create_project
from turbo_server.settings import Settings
from turbo_server.transfer.apply import apply
from turbo_server.transfer.drafts import Reading
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.places import Places
from turbo_server.transfer.report import Report


class _DryRun(Exception):
    """Carries a finished import out of its transaction, which is then undone."""


async def import_drafts(arguments: argparse.Namespace, settings: Settings, reading: Reading) -> Report:
    """In one transaction. Raises TransferFailed and TurboError."""
    people = _pairs(arguments.person, "--person", "OLD=NAME", "gopher=ada")
    rename = _pairs([each.upper() for each in arguments.rename], "--rename", "OLD=NEW", "SITE=WEB")
    reports: list[Report] = []
    async with connected(settings) as db:
        (await stored_schema(db)).require_use()
        try:
            async with db.transaction():
                context = await _context(db, settings, arguments, reading.source)
                report = Report(reading.source)
                if reading.places:
                    places = await Places(context, reading, rename, report).settle()
                else:
                    places = {None: await _project(context, arguments.project, arguments.create)}
                report.project = ", ".join(sorted({each.key for each in places.values()}))
                await apply(context, Catalogue().tools, places, reading, people, report)
                reports.append(report)
                if arguments.dry_run:
                    raise _DryRun
        except _DryRun:
            pass
    return reports[0]


def _pairs(given: list[str], option: str, form: str, example: str) -> dict[str, str]:
    pairs = [entry.partition("=") for entry in given]
    wrong = [old for old, _, name in pairs if not old.strip() or not name.strip()]
    if wrong:
        raise TransferFailed(f"{option} is written {form}, such as {option} {example}.")
    return {old.strip().removeprefix("@"): name.strip() for old, _, name in pairs}


async def _context(db: Connection, settings: Settings, arguments: argparse.Namespace, source: str) -> Context:
    """The importer as an actor. Its session names the run, so that all its changes can be told from others."""
    now = datetime.now(UTC)
    workspace = await workspace_name(db, arguments.workspace)
    workspace_id = await _workspace_id(db, workspace, now)
    person = await _importer(db, workspace_id, arguments.account)
    actor = Actor(
        account_id=person[0],
        name=person[1],
        workspace_id=workspace_id,
        workspace=workspace,
        key_id=0,
        key_name="import",
        key_last4="",
        machine=None,
        session=f"import-{source}-{now:%Y%m%dT%H%M%S}",
    )
    return Context(db, actor, now, now.date(), timedelta(), settings.web_url, KINDS)


async def _workspace_id(db: Connection, name: str, now: datetime) -> int:
    """Of one that is there; the first of all is made here."""
    if not await account.all_workspaces(db):
        return await account.ensure_workspace(db, name, now)
    return int((await require_workspace(db, name))["id"])


async def _importer(db: Connection, workspace_id: int, name: str | None) -> tuple[int, str]:
    names = await account.account_names(db, workspace_id)
    if name is None and len(names) > 1:
        raise TransferFailed(f"Say who imports: --account {' | '.join(names[:20])}.")
    if not names:
        raise TransferFailed(
            "There is nobody yet who could own what is imported: turbo-server keys create --name NAME."
        )
    row = await account.account_named(db, workspace_id, name or names[0])
    if row is None:
        near = closest(str(name), names)
        raise TransferFailed(f"There is nobody called {name}. {near} People: {', '.join(names[:20])}.")
    return row["id"], row["name"]


async def _project(context: Context, key: str, name: str | None) -> Found:
    """It is made if its name is given and it is not there. Raises NotFound."""
    word = key.strip().upper()
    found = read_key(word)
    if found is None or found.kind != "project":
        raise TransferFailed(f"{key} is not a project key: 2 to 10 letters and digits, a letter first, such as TURBO.")
    try:
        return await context.find(word)
    except NotFound as error:
        if name is None:
            raise TransferFailed(f"{error.message} {error.hint} Or give --create NAME, and it is made.") from error
        await create_project.run(context, CreateProject(key=word, name=name))
    return await context.find(word)
