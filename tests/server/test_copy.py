"""`turbo-server copy`: everything is in the other database afterwards, and goes on there as if nothing had happened."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import create_database, drop_database
from tests.server.events import ids, newest, read
from tests.server.harness import Person, Turbo
from tests.server.keyed_calls import REPLAYED
from tests.server.live import clean_environment, turbo_server_here
from tests.server.moved import at, contents, fill_everything, same_person
from turbo_server.kit.sql import sql
from turbo_server.migrations.migrate import migrate
from turbo_server.migrations.schema import metadata
from turbo_server.transfer import move_store as store
from turbo_server.transfer.moved import DERIVED, TABLES, moved_tables

Maker = Callable[[str], str]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
KINDS = ("sqlite", "postgres")


@pytest.fixture
def copy(tmp_path: Path) -> Run:
    """Runs `copy` from the one database to the other."""

    def run(source: str, target: str, *more: str) -> "subprocess.CompletedProcess[str]":
        variables = clean_environment(tmp_path, DATABASE_URL=source, TARGET=target)
        return turbo_server_here(variables, "copy", "--to", "env:TARGET", *more)

    return run


@pytest.fixture
def bare_postgres(postgres_admin: str) -> Iterator[str]:
    """A database without tables."""
    yield create_database(postgres_admin, "turbo_bare")
    drop_database(postgres_admin, "turbo_bare")


def test_every_table_is_moved_or_made_anew() -> None:
    assert sorted([*TABLES, *DERIVED]) == sorted(metadata.tables)
    assert {table.name for table in moved_tables() if not table.is_numbered} == {
        "instance", "issue_labels", "issue_blocks", "key_projects", "idempotency_keys", "allowances", "claims",
        "project_members",
    }  # fmt: skip


@pytest.mark.parametrize("goal", KINDS)
def test_a_copy_goes_on_where_the_original_stopped(turbo: Turbo, make_database: Maker, copy: Run, goal: str) -> None:
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


def test_a_cursor_of_postgres_outlives_two_moves(make_database: Maker, copy: Run) -> None:
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
    make_database: Maker, copy: Run, tmp_path: Path, bare_postgres: str, goal: str
) -> None:
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
    target = bare_postgres if goal == "postgres" else f"sqlite:///{tmp_path / 'new' / 'turbo.db'}"
    assert copy(old.settings.database_url, target).returncode == 0
    assert not contents(old.settings.database_url).differing(contents(target))
    assert copy(old.settings.database_url, target).stdout.startswith("Was there already, all of it")


def test_indexes_and_foreign_keys_are_what_they_were(
    new_database: Callable[[], str], make_database: Maker, copy: Run
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


def test_a_target_with_data_is_left_alone(turbo: Turbo, make_database: Maker, copy: Run) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    before = contents(turbo.settings.database_url)
    for more in ((), ("--replace-keys",)):
        refused = copy(old.settings.database_url, turbo.settings.database_url, *more)
        assert refused.returncode == 1
        assert "TARGET is not empty: it has" in refused.stderr
        assert "1 projects" in refused.stderr
        assert refused.stderr.endswith("Nothing was copied.\n")
    assert not before.differing(contents(turbo.settings.database_url))


def test_keys_of_a_first_start_give_way_when_that_is_said(turbo: Turbo, make_database: Maker, copy: Run) -> None:
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    refused = copy(old.settings.database_url, turbo.settings.database_url)
    assert (refused.returncode, "--replace-keys" in refused.stderr) == (1, True)
    assert turbo.call("list_projects")["total"] == 0, "the key is still good"
    assert copy(old.settings.database_url, turbo.settings.database_url, "--replace-keys").returncode == 0
    assert not contents(old.settings.database_url).differing(contents(turbo.settings.database_url))


def test_the_same_database_is_no_target(turbo: Turbo, tmp_path: Path, copy: Run) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    url = turbo.settings.database_url
    assert "the same database" in copy(url, url).stderr
    if url.startswith("sqlite"):
        (tmp_path / "link.db").symlink_to(url.removeprefix("sqlite:///"))
        assert "the same database" in copy(url, f"sqlite:///{tmp_path / 'link.db'}").stderr


@pytest.mark.parametrize("kind", KINDS)
def test_another_schema_is_said_with_what_to_do(make_database: Maker, copy: Run, kind: str) -> None:
    new, odd = make_database("sqlite"), make_database(kind)
    at(odd, lambda db: db.fetch(sql("update alembic_version set version_num = '0005' returning 1")))
    for source, target in ((odd, new), (new, odd)):
        refused = copy(source, target)
        assert (refused.returncode, "turbo-server migrate" in refused.stderr) == (1, True)
        assert "0005" in refused.stderr


def test_what_is_only_read_is_neither_migrated_nor_made(tmp_path: Path, copy: Run, sqlite_template: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'old.db'}", "0007")
    new = f"sqlite:///{tmp_path / 'new.db'}"
    assert copy(f"sqlite:///{tmp_path / 'old.db'}", new).returncode == 1
    assert at(f"sqlite:///{tmp_path / 'old.db'}", store.version) == "0007"
    assert not (tmp_path / "new.db").exists()
    shutil.copyfile(sqlite_template, tmp_path / "current.db")
    assert "is empty: is it the right one" in copy(f"sqlite:///{tmp_path / 'current.db'}", new).stderr


def test_a_source_that_is_not_there_is_not_made(tmp_path: Path, copy: Run) -> None:
    refused = copy(f"sqlite:///{tmp_path / 'none.db'}", f"sqlite:///{tmp_path / 'new.db'}")
    assert (refused.returncode, "There is no database at" in refused.stderr) == (1, True)
    assert not list(tmp_path.glob("*.db"))


def test_what_postgres_cannot_hold_is_said_and_nothing_is_copied(make_database: Maker, copy: Run) -> None:
    """A NUL, which SQLite keeps where somebody has put one past the tools."""
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
        old.run(old.with_database(lambda db: db.fetch(sql("update projects set name = 'a' || char(0) || 'b'"))))
    source = old.settings.database_url
    refused = copy(source, make_database("postgres"))
    assert (refused.returncode, "does not take a row" in refused.stderr) == (1, True), refused.stderr
    assert copy(source, target := make_database("sqlite")).returncode == 0, refused.stderr
    assert not contents(source).differing(contents(target))


def test_a_damaged_source_is_told_apart_from_the_target(make_database: Maker, copy: Run) -> None:
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
    url = old.settings.database_url
    root = sql("select rootpage, page_size from sqlite_master, pragma_page_size where name = 'projects'")
    (row,) = at(url, lambda db: db.fetch(root))
    path = Path(url.removeprefix("sqlite:///"))
    with path.open("r+b") as file:
        file.seek((row["rootpage"] - 1) * row["page_size"])
        file.write(bytes(row["page_size"]))
    refused = copy(f"sqlite:///{path}", make_database("postgres"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{path}, which DATABASE_URL names, is damaged" in refused.stderr


ADDRESSES = [
    ("postgres://turbo:hunter2@db.example/turbo", "must not hold a password"),
    ("postgres://db.example/turbo?user=turbo&password=hunter2", "must not hold a password"),
    ("postgres://turbo:hunter2@[db.example/turbo", "must not hold a password"),
    ("env:NOT_SET", "The variable NOT_SET is not set here"),
    ("env:", "The variable NAME is not set here"),
    ("mysql://db.example/turbo", "--to must be sqlite:///PATH, postgres://"),
    ("env:BAD", "BAD must be sqlite:///PATH"),
    ("postgres://db.invalid:1/turbo", "no answer from the database at db.invalid:1 (--to)"),
    ("sqlite:////dev/null/turbo.db", "could not be migrated"),
    ("sqlite:////tmp", "--to names the folder /tmp"),
]


@pytest.mark.parametrize(("address", "said"), ADDRESSES)
def test_an_address_that_does_not_do_is_refused_in_a_sentence(
    make_database: Maker, tmp_path: Path, address: str, said: str
) -> None:
    variables = clean_environment(tmp_path, DATABASE_URL=make_database("sqlite"), BAD="hunter2")
    refused = turbo_server_here(variables, "copy", "--to", address)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert "hunter2" not in refused.stderr
