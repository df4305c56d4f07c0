"""`POST /v1/imports`: one file of another tool, from the web page into this workspace. The readers and rules are those
of `turbo-server import`; what a file may take of the process is bounded here."""

import asyncio
import base64
import binascii
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from turbo_server.kit.answer import Rehearsed
from turbo_server.kit.context import Context
from turbo_server.kit.errors import NotFound
from turbo_server.kit.fields import Line, Word
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import Found
from turbo_server.kit.large_body import FILE, FILE_ADDRESS, FILE_BYTES, FILE_CHARACTERS
from turbo_server.kit.limits import Creations
from turbo_server.kit.patience import OF_IMPORTS
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.tools import CreateProject, create_project

from .drafts import Reading
from .errors import TransferFailed
from .offered import NOT_HERE, OFFERED, recognised
from .report import Report, Spoken, named, span
from .upload_types import (
    MOST_RECORDS,
    SHOWN,
    Counted,
    Imported,
    ImportRefused,
    ImportsOffered,
    NotTaken,
    Source,
    Stranger,
    Understood,
)

SPOKEN = Spoken(None, "giving {} the key {}")  # who is nobody here is told by `strangers`
Names = Annotated[dict[Line, Line], Field(max_length=SHOWN)]


class ListImports(Arguments):
    """The same for everybody."""


@tool("List what can be imported", Effect.READ)
async def list_imports(_context: Context, arguments: ListImports) -> ImportsOffered:  # noqa: ARG001 - as every verb
    """Which files of which tools come in through `POST /v1/imports`, how large they may be, and what does not."""
    return ImportsOffered(
        sources=list(OFFERED), most_bytes=FILE_BYTES, most_records=MOST_RECORDS, not_here=list(NOT_HERE)
    )


class ImportFile(Arguments):
    name: Annotated[Line, Field(description="What the file is called")]
    content: Annotated[str, Field(max_length=FILE_CHARACTERS, description="Its bytes, in base64")]
    source: Annotated[Source | None, Word, Field(description="The tool that it is from; else the file tells")] = None
    project: Annotated[ProjectKey | None, Field(description="Gets the items, where the file brings no projects")] = None
    create: Annotated[Line | None, Field(description="The project's name, where it is to be started")] = None
    people: Annotated[Names, Field(description="Who somebody in the file is here: {theirs: ours}")] = {}
    rename: Annotated[Names, Field(description="The key that a project of the file gets here: {old: new}")] = {}
    dry_run: Annotated[bool, Field(description="Do everything but keep it, and tell")] = False


@tool("Import a file", Effect.CREATE, scope=Scope.ADMIN, patience=OF_IMPORTS)
async def import_file(context: Context, arguments: ImportFile) -> Imported:
    """Makes items of what another tool left, all or none: with their dates, and once, however often the file comes.
    It counts as one creation of the key."""
    context.creations.add()
    reading = await _read(arguments)
    source = reading.source
    session = f"import-{source}-{context.now:%Y%m%dT%H%M%S}"
    importing = replace(context, actor=replace(context.actor, session=session), creations=Creations())
    report = Report(source, SPOKEN)
    try:
        await _write(importing, arguments, reading, report)
    except TransferFailed as error:
        raise ImportRefused(str(error)) from error
    result = _told(report, session)
    if arguments.dry_run:
        raise Rehearsed(result.model_copy(update={"written": False, "session": None}))
    return result


ENDPOINTS = (
    Endpoint("GET", "/v1/imports", list_imports),
    Endpoint(
        "POST", FILE_ADDRESS, import_file,
        failures={"413": f"The file is over {FILE_BYTES // 1024**2} MiB"},
        large=FILE,
    ),
)  # fmt: skip


async def _read(arguments: ImportFile) -> Reading:
    """In a thread, since it is work for the processor alone. Raises ImportRefused."""
    try:
        content = base64.b64decode(arguments.content, validate=True)
    except (binascii.Error, ValueError):
        raise ImportRefused("`content` is not base64.", "Send the file's bytes in base64.") from None
    name = re.sub(r"[^\w. -]", "_", Path(arguments.name).name)[-80:].strip(". ") or "file"
    return await asyncio.to_thread(_reading, name, content, arguments.source)


def _reading(name: str, content: bytes, source: Source | None) -> Reading:
    from .sources import READERS  # here: few import, and all servers start

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        try:
            chosen = recognised(name, content, source)
            path.write_bytes(content)
            return READERS[chosen](path, MOST_RECORDS)
        except TransferFailed as error:
            raise ImportRefused(str(error).replace(f"{folder}/", "")) from None


async def _write(context: Context, arguments: ImportFile, reading: Reading, report: Report) -> None:
    """Raises TransferFailed and ImportRefused."""
    from .apply import apply  # here, as above
    from .places import Places

    if reading.places:
        rename = {old.upper(): new.upper() for old, new in arguments.rename.items()}
        places = await Places(context, reading, rename, report).settle()
    else:
        places = {None: await _project(context, arguments)}
    report.project = ", ".join(sorted({each.key for each in places.values()}))
    people = {name.strip().removeprefix("@"): person for name, person in arguments.people.items()}
    await apply(context, context.tools, places, reading, people, report)


async def _project(context: Context, arguments: ImportFile) -> Found:
    if arguments.project is None:
        raise ImportRefused("This file does not say which project its items go to.", "Name one: `project`.")
    try:
        return await context.find(arguments.project)
    except NotFound:
        if arguments.create is None:
            raise
    await create_project.run(context, CreateProject(key=arguments.project, name=arguments.create))
    return await context.find(arguments.project)


def _told(report: Report, session: str) -> Imported:
    groups = report.grouped()
    return Imported(
        source=report.source,  # type: ignore[arg-type] # a reader's name, of those offered
        projects=report.project.split(", "),
        written=True,
        created=[Counted(kind=kind, count=len(keys), keys=span(keys)) for kind, keys in report.created.items()],
        skipped=[Counted(kind=kind, count=number) for kind, number in report.skipped.items()],
        words=[
            Understood(field=name, theirs=theirs, ours=ours, times=times)
            for (name, theirs, ours), times in sorted(report.words.items())[:SHOWN]
        ],
        not_taken=[
            NotTaken(field=name, why=why, count=len(origins), records=named(origins))
            for (name, why), origins in list(groups.items())[:SHOWN]
        ],
        more=max(0, len(groups) - SHOWN) or None,
        strangers=[Stranger(name=name, times=times) for name, times in report.strangers.most_common(SHOWN)],
        session=session,
    )
