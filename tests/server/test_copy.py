"""`turbo-server copy`: everything is in the other database afterwards, and goes on there as if nothing had happened."""

import asyncio
import json
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.server.events import ids, newest, read
from tests.server.harness import Person, Turbo
from tests.server.keyed_calls import REPLAYED
from tests.server.moved import KINDS, Copy, Maker, at, contents, fill_everything, same_person
from turbo_server.cli.connected import connected
from turbo_server.kit.sql import sql
from turbo_server.migrations.schema import metadata
from turbo_server.settings import Settings
from turbo_server.transfer import move
from turbo_server.transfer import move_store as store
from turbo_server.transfer.move import Copied, Tell
from turbo_server.transfer.moved import DERIVED, TABLES, moved_tables


def test_every_table_is_moved_or_made_anew() -> None:
    assert sorted([*TABLES, *DERIVED]) == sorted(metadata.tables)
    assert {table.name for table in moved_tables() if not table.is_numbered} == {
        "instance", "issue_labels", "issue_blocks", "key_projects", "idempotency_keys", "allowances", "claims",
        "project_members", "answers", "conversation_projects", "mentor_spending",
    }  # fmt: skip


@pytest.mark.parametrize("goal", KINDS)
def test_a_copy_goes_on_where_the_original_stopped(turbo: Turbo, make_database: Maker, copy: Copy, goal: str) -> None:
    fill_everything(turbo)
    turbo.call("update_issue", key="TURBO-2", title="Changed before the copy")
    change, numbers = newest(turbo), ids(read(turbo))
    early, late = read(turbo, limit=3)["next_cursor"], read(turbo)["next_cursor"]
    before, target = contents(turbo.settings.database_url), make_database(goal)
    assert [name for name, each in before.sums.items() if not each.rows] == [], "every table is tried"
    done = copy(turbo.settings.database_url, target)
    assert (done.returncode, "hashes and counters are equal" in done.stdout) == (0, True), done.stderr
    assert not before.differing(contents(target))
    with Turbo(target) as new:
        ada = same_person(new, turbo.ada)
        _goes_on(ada, early, late, numbers)
        assert ada.call("undo", event=change, confirm=True)["undone"] == 1
        assert ada.call("get_item", key="TURBO-2")["title"] == "Second"


def _goes_on(ada: Person, early: str, late: str, numbers: list[int]) -> None:
    """The same key, cursor, idempotency key, claim and numbers; and what search reads is there."""
    body = json.dumps({"project": "TURBO", "title": "Done once"}).encode()
    assert ada.with_key("once").answer("create_issue", body).headers == REPLAYED
    assert ada.call("create_issue", project="TURBO", title="Made after the copy")["key"] == "TURBO-4"
    assert ids(read(ada, after=late)) == [numbers[-1] + 1], "what comes after a cursor of before"
    assert ids(read(ada, after=early)) == [*numbers[3:], numbers[-1] + 1]
    assert ids(read(ada)) == [*numbers, numbers[-1] + 1]
    assert ada.call("search", query="parent to be")["items"][0]["key"] == "TURBO-1"
    assert ada.call("next_issue", claim=True, key="TURBO-3")
    assert ada.call("update_issue", key="TURBO-1", labels=["Küche", "new"])["key"] == "TURBO-1"


def test_a_cursor_of_postgres_outlives_two_moves(make_database: Maker, copy: Copy) -> None:
    """Transactions have other numbers in each database, and none in SQLite: the order of events is what is kept."""
    with Turbo(make_database("postgres")) as old:
        old.call("create_project", key="TURBO", name="x")
        for title in "abc":
            old.call("create_issue", project="TURBO", title=title)
        cursor, numbers = read(old, limit=2)["next_cursor"], ids(read(old))
        source = old.settings.database_url
    for kind in ("sqlite", "postgres"):
        target = make_database(kind)
        assert copy(source, target).returncode == 0
        with Turbo(target) as new:
            new.call("create_issue", project="TURBO", title=kind)
            numbers.append(numbers[-1] + 1)
            assert ids(read(new, after=cursor)) == numbers[2:]
            assert ids(read(new)) == numbers
        source = target


@pytest.mark.parametrize("goal", KINDS)
def test_a_target_without_tables_gets_them(
    make_database: Maker, copy: Copy, tmp_path: Path, bare_postgres: str, goal: str
) -> None:
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
    target = bare_postgres if goal == "postgres" else f"sqlite:///{tmp_path / 'new' / 'turbo.db'}"
    assert copy(old.settings.database_url, target).returncode == 0
    assert not contents(old.settings.database_url).differing(contents(target))
    assert copy(old.settings.database_url, target).stdout.startswith("Was there already, all of it")


def test_indexes_and_foreign_keys_are_what_they_were(
    new_database: Callable[[], str], make_database: Maker, copy: Copy
) -> None:
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
    target = new_database()
    before = _structure(target)
    assert copy(old.settings.database_url, target).returncode == 0
    assert _structure(target) == before
    assert len(before) > 60


def _structure(url: str) -> list[str]:
    if url.startswith("sqlite"):
        text = "select coalesce(sql, name) as line from sqlite_master order by 1"
    else:
        text = """
            select indexdef as line from pg_indexes where schemaname = 'public' union all
            select conrelid::regclass || conname || pg_get_constraintdef(oid) from pg_constraint
            where connamespace = 'public'::regnamespace order by 1"""
    return [str(row["line"]) for row in at(url, lambda db: db.fetch(sql(text)))]


@pytest.mark.parametrize("goal", KINDS)
def test_what_is_written_meanwhile_is_told_and_not_half_there(make_database: Maker, turbo: Turbo, goal: str) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    source, target = turbo.settings.database_url, make_database(goal)
    before = contents(source)

    def write(what: str, table: str, _rows: int) -> None:
        if (what, table) == ("copying", "projects"):
            ThreadPoolExecutor(1).submit(_add_project, source).result()

    copied = asyncio.run(_copied(source, target, write))
    assert (copied.is_behind, copied.was_there) == (True, False)
    assert not before.differing(contents(target))


def _add_project(url: str) -> None:
    late = "insert into labels (workspace_id, name, folded) values (1, 'late', 'late') returning id"
    at(url, lambda db: db.fetch(sql(late)))


async def _copied(source: str, target: str, tell: Tell) -> Copied:
    async with connected(Settings(database_url=source)) as old, connected(Settings(database_url=target)) as new:
        return await move.copy(old, new, tell, replace=False)


def test_whatever_stops_a_copy_both_databases_go_on(turbo: Turbo, new_database: Callable[[], str]) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    source, target = turbo.settings.database_url, new_database()

    def stop(what: str, table: str, _rows: int) -> None:
        if (what, table) == ("copying", "events"):
            raise KeyError(table)

    async def stopped() -> None:
        async with connected(Settings(database_url=source)) as old, connected(Settings(database_url=target)) as new:
            with pytest.raises(KeyError):
                await move.copy(old, new, stop, replace=False)
            assert not any((await store.counts(new, TABLES)).values())
            assert (await store.counts(old, ["projects"]))["projects"] == 1

    asyncio.run(stopped())


def test_large_texts_take_little_memory(make_database: Maker) -> None:
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
        for _ in range(60):
            old.call("create_document", project="TURBO", title="x", text="y" * 250_000)
    target = make_database("sqlite")
    tracemalloc.start()
    asyncio.run(_copied(old.settings.database_url, target, lambda *_: None))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000, "of 30 million"
