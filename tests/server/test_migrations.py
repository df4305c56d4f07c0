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
from turbo_server.migrations.version import VERSIONS, head, schema_of_file


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
    assert schema_of_file(tmp_path / "x.db").is_current


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


BEFORE_TEAMS = (
    "insert into workspaces (id, name, created_at) values (1, 'personal', '2026-01-01')",
    "insert into accounts (id, workspace_id, name, created_at) values (1, 1, 'ada', '2026-01-01')",
    """insert into projects (id, workspace_id, key, name, created_at, updated_at)
       values (7, 1, 'T', 'x', '2026', '2026')""",
    """insert into issues (id, workspace_id, project_id, number, title, description, type, status, priority, created_by,
                           created_at, updated_at)
       values (3, 1, 7, 1, 'x', '', 'task', 'done', 0, 1, '2026', '2026')""",
    *(
        f"""insert into search_entries (workspace_id, kind, subject_id, item_kind, item_id, title, title_words, text,
                                        state, at, words)
            values (1, '{kind}', {subject}, '{item_kind}', {item}, '', '', '', 'open', '2026', '')"""
        for kind, subject, item_kind, item in (
            ("issue", 3, "issue", 3), ("comment", 5, "issue", 3), ("project", 7, "project", 7),
        )
    ),
)  # fmt: skip


def test_what_was_there_before_teams_is_everybodys_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrate(f"sqlite:///{path}")
    migrate(f"sqlite:///{path}", "0005")
    with sqlite3.connect(path) as connection:
        for statement in BEFORE_TEAMS:
            connection.execute(statement)
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("select role, removed_at from accounts").fetchall() == [("owner", None)]
        assert connection.execute("select private_at from projects").fetchall() == [(None,)]
        assert connection.execute("select project_id from search_entries").fetchall() == [(7,)] * 3
