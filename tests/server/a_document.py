"""A document to read and to change, and the calls that do it."""

from typing import Any

from tests.server.harness import Turbo
from turbo_server.catalogue import KINDS
from turbo_server.kit.context import Caller, Context, today_of

TEXT = "intro\r\n\r\n# Setup\n\n    code\t\n\n## Linux\n\n- one\n\n# Use\nlast 👩‍💻"


def with_project(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="an issue")
    return turbo


def written(turbo: Turbo, text: str = TEXT, **more: Any) -> dict[str, Any]:
    return turbo.call("create_document", project="TURBO", title="Guide", text=text, **more)


def changed(turbo: Turbo, **more: Any) -> dict[str, Any]:
    return turbo.call("update_document", key="TURBO-D1", **more)


def read(turbo: Turbo, **more: Any) -> dict[str, Any]:
    return turbo.call("get_item", key="TURBO-D1", **more)


def with_context(turbo: Turbo, work: Any) -> Any:
    """Runs what a verb would, in a transaction of its own."""

    async def run(db: Any) -> Any:
        now, caller = turbo.runner.clock(), Caller()
        actor = await turbo.runner.authenticator.actor(db, turbo.ada.token, caller, now)
        async with db.transaction():
            context = Context(db, actor, now, today_of(caller, now), caller.utc_offset, None, KINDS)
            return await work(context)

    return turbo.run(turbo.with_database(run))
