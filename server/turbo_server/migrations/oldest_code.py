"""Writes into the database which code may run on its schema, as the migrations declare it.

Each says of itself `change = "expand"` (it only adds, so older code runs on) or `change = "contract"` (code older than
it must not run any more).
"""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

FIRST = "0010"  # where the column comes from


def write_oldest_code(context: MigrationContext, scripts: ScriptDirectory) -> None:
    """The newest contract of those that the database has been through, on the way up as on the way down."""
    current = context.get_current_revision()
    if current is None or current < FIRST:
        return
    through = scripts.walk_revisions("base", current)
    oldest = next(each.revision for each in through if getattr(each.module, "change", "expand") == "contract")
    assert context.connection is not None  # noqa: S101 - it has just migrated
    context.connection.execute(text("update alembic_version set oldest_code = :oldest"), {"oldest": oldest})
