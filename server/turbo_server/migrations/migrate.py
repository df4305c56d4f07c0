"""Brings a database to this server's schema. The only module that imports Alembic."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from turbo_server.kit.database import connect_options
from turbo_server.kit.database_errors import DatabaseTooNew
from turbo_server.kit.database_url import read_postgres_url
from turbo_server.migrations.version import Schema, read_schema

# Any constant will do: two machines that migrate at once take turns.
LOCK = 7_262_011


class MigrationFailed(Exception):
    """The database could not be reached or changed; it is as it was."""


def migrate(url: str, revision: str = "head") -> Schema:
    """Upgrades (or, from beyond that revision, downgrades) the database in one transaction. Raises MigrationFailed.

    One that is newer than this code, and lets it work, is left as it is: so a deployment of older code goes through.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        if url.startswith("sqlite:"):
            return _migrate_sqlite(url, revision)
        return asyncio.run(_migrate_postgres(url, revision))
    except (
        OSError,
        TimeoutError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        SQLAlchemyError,
        CommandError,
        DatabaseTooNew,
    ) as error:
        raise MigrationFailed(f"The database could not be migrated: {_cause(error)}. Nothing was changed.") from error


def _cause(error: Exception) -> str:
    """The driver's own words: they name the host or file, never the password."""
    origin = getattr(error, "orig", None) or error
    return str(origin).splitlines()[0].rstrip(".") if str(origin) else type(origin).__name__


def run(connection: Connection, revision: str) -> Schema:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    if revision == "head" and (schema := _schema(connection)).is_newer:
        schema.require_use()
        return schema
    found = MigrationContext.configure(connection).get_current_revision()
    move = command.downgrade if revision != "head" and found and found > revision else command.upgrade
    move(config, revision)
    return _schema(connection)


def _schema(connection: Connection) -> Schema:
    if not inspect(connection).has_table("alembic_version"):
        return Schema(None)
    row = connection.execute(text("select * from alembic_version")).mappings().first()
    return read_schema(dict(row)) if row else Schema(None)


def _migrate_sqlite(url: str, revision: str) -> Schema:
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    engine = create_engine(url)
    # pysqlite would commit before DDL: begin by hand, so that a failed migration leaves the old schema whole.
    event.listen(engine, "connect", lambda raw, _record: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    with engine.begin() as connection:
        schema = run(connection, revision)
    engine.dispose()
    return schema


async def _migrate_postgres(url: str, revision: str) -> Schema:
    options = connect_options(read_postgres_url(url))

    async def connect() -> Any:
        return await asyncpg.connect(timeout=30, **options)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("set local lock_timeout = '5s'"))
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            return await connection.run_sync(run, revision)
    finally:
        await engine.dispose()
