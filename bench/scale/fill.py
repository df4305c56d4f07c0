"""Writes a team's rows into a migrated database that has one person with a key and nothing else."""

import asyncio
import sqlite3
from datetime import date, datetime

import asyncpg

from bench.scale.rows import Team

NUMBERED = (
    "accounts", "projects", "labels", "initiatives", "milestones", "issues", "comments", "work_logs", "events",
)  # fmt: skip


def fill(url: str, team: Team) -> None:
    if url.startswith("sqlite:"):
        _fill_sqlite(url.removeprefix("sqlite:///"), team)
    else:
        asyncio.run(_fill_postgres(url, team))


async def _fill_postgres(url: str, team: Team) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for table, columns, rows in team.tables():
                await connection.copy_records_to_table(table, records=rows, columns=columns)
            for table in NUMBERED:
                last = f"coalesce((select max(id) from {table}), 1)"  # noqa: S608 - the name is ours
                await connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), {last})")
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


def _fill_sqlite(path: str, team: Team) -> None:
    connection = sqlite3.connect(path)
    connection.execute("pragma synchronous=off")
    with connection:
        for table, columns, rows in team.tables():
            statement = f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"  # noqa: S608
            connection.executemany(statement, (tuple(map(_as_sqlite, row)) for row in rows))
    connection.execute("analyze")
    connection.close()


def _as_sqlite(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
