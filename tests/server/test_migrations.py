"""The migrations make exactly the tables that the code declares, in one straight line, forwards and back."""

import os
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from tests.postgres import create_database, drop_database
from turbo_server.migrations.migrate import MigrationFailed, migrate
from turbo_server.migrations.schema import is_declared, metadata
from turbo_server.migrations.version import VERSIONS, head, is_current


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "include_object": is_declared}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_the_declared_tables_and_the_migrated_ones_are_the_same(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        engine = create_engine(database_url)
        with engine.connect() as connection:
            assert differences(connection) == []
        engine.dispose()
        return

    async def compare() -> list[object]:
        engine = create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://"))
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
        await engine.dispose()
        return found

    import asyncio

    assert asyncio.run(compare()) == []


def test_revisions_follow_one_another_by_number() -> None:
    numbers = sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert head() == numbers[-1]


def test_a_migrated_database_can_go_back_and_forth(postgres_admin: str, tmp_path: Path) -> None:
    name = f"turbo_updown_{os.getpid()}"
    for url in (f"sqlite:///{tmp_path / 'x.db'}", create_database(postgres_admin, name)):
        migrate(url)
        migrate(url, "base")
        migrate(url)
        migrate(url)
    drop_database(postgres_admin, name)
    assert is_current(tmp_path / "x.db")


def test_a_failed_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table issue_labels (mine text)")
    with pytest.raises(MigrationFailed, match="issue_labels already exists"):
        migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert [row[0] for row in connection.execute("select name from sqlite_master")] == ["issue_labels"]


def test_the_sqlite_file_is_the_owners_alone(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'deep' / 'turbo.db'}")
    assert (tmp_path / "deep" / "turbo.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "deep").stat().st_mode & 0o077 == 0


def test_an_unreachable_database_is_said_without_its_password() -> None:
    with pytest.raises(MigrationFailed) as failure:
        migrate("postgres://user:hunter2@127.0.0.1:1/db?sslmode=disable")
    assert "hunter2" not in str(failure.value)
