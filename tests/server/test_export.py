"""An export holds everything, and an import makes the same data of it, from each database to each."""

import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.server.filled import HARD_TEXT, fill
from tests.server.harness import Turbo
from turbo_server.account.grants import NEVER, Grant
from turbo_server.account.token import mint
from turbo_server.kit.database import Connection, Row, open_database
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql
from turbo_server.migrations.schema import metadata
from turbo_server.transfer.carried import LEFT_OUT, LEFT_OUT_COLUMNS, TABLES, carried_tables
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.export import export_to
from turbo_server.transfer.restore import Restored, restore_from

KINDS = ("sqlite", "postgres")
Maker = Callable[[str], str]


def exported(turbo: Turbo) -> bytes:
    file = io.BytesIO()
    turbo.run(turbo.with_database(lambda db: export_to(db, file)))
    return file.getvalue()


def restored(turbo: Turbo, content: bytes, *, dry_run: bool = False) -> Restored:
    file = io.BytesIO(content)
    return turbo.run(turbo.with_database(lambda db: restore_from(db, file, dry_run=dry_run)))


def rows_of(content: bytes) -> list[bytes]:
    """The lines between header and trailer: the moment of the export stands in those two alone."""
    return content.split(b"\n")[1:-2]


def sums_of(content: bytes) -> dict[str, object]:
    sums: dict[str, object] = json.loads(content.split(b"\n")[-2])["tables"]
    return sums


def table_names(content: bytes) -> set[str]:
    return {json.loads(line)["table"] for line in rows_of(content)}


def test_every_table_is_carried_or_left_out_for_a_reason() -> None:
    assert sorted([*TABLES, *LEFT_OUT]) == sorted(metadata.tables)
    columns = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert set(LEFT_OUT_COLUMNS) <= columns


def test_tables_come_after_those_they_point_to() -> None:
    for table in carried_tables():
        targets = {column.points_to for column in table.columns if column.points_to} - {table.name}
        assert all(TABLES.index(target) < TABLES.index(table.name) for target in targets), table.name


def test_nothing_carried_is_a_secret() -> None:
    names = {column.name for table in carried_tables() for column in table.columns}
    assert names & {"hash", "pepper", "last4"} == set()


@pytest.mark.parametrize("start", KINDS)
@pytest.mark.parametrize("end", KINDS)
def test_the_same_file_gives_the_same_data(make_database: Maker, start: str, end: str) -> None:
    with Turbo(make_database(start)) as old:
        fill(old)
        content = exported(old)
        assert table_names(content) == set(TABLES)
        shown = old.call("get_item", key="TURBO-2", include=["comments", "work_log"])
    with Turbo(make_database(end)) as new:
        assert restored(new, content).people == ["ada", "jonas"]
        again = exported(new)
        assert rows_of(again) == rows_of(content)
        assert sums_of(again) == sums_of(content)
        assert new.call("get_item", key="TURBO-2", include=["comments", "work_log"]) == shown
    assert HARD_TEXT in [json.loads(line)["row"].get("description") for line in rows_of(again)]


def test_a_dry_run_checks_everything_and_keeps_nothing(turbo: Turbo, new_database: Callable[[], str]) -> None:
    fill(turbo)
    content = exported(turbo)
    with Turbo(new_database()) as new:
        before = rows_of(exported(new))
        assert restored(new, content, dry_run=True).rows["issues"] == 3
        assert rows_of(exported(new)) == before
        assert new.call("list_projects")["total"] == 0
        restored(new, content)


def test_work_goes_on_where_it_was(turbo: Turbo, new_database: Callable[[], str]) -> None:
    fill(turbo)
    content = exported(turbo)
    with Turbo(new_database()) as new:
        restored(new, content)
        assert new.call("create_issue", project="TURBO", title="next", labels=["KÜCHE", "new"])["key"] == "TURBO-3"
        assert new.call("get_item", key="TURBO-3")["labels"] == ["Küche", "new"]
        assert new.call("add_comment", key="TURBO-3", text="x")["comments"] == 1
        new.call("log_work", text="x", issue="TURBO-3")
        new.call("create_project", key="THIRD", name="x")
        assert new.person("carol").call("create_issue", project="THIRD", title="x")["key"] == "THIRD-1"


def test_events_come_before_all_new_ones(turbo: Turbo, new_database: Callable[[], str]) -> None:
    """The numbers of transactions of another database would hide them from readers, or come after new ones."""
    fill(turbo)
    content = exported(turbo)
    with Turbo(new_database()) as new:
        restored(new, content)
        rows = new.run(new.with_database(lambda db: db.fetch(sql("select tx from events"))))
        assert {row["tx"] for row in rows} == {0}


def test_keys_that_the_database_had_stay_valid(turbo: Turbo, new_database: Callable[[], str]) -> None:
    fill(turbo)
    content = exported(turbo)
    with Turbo(new_database()) as new:
        carol, jonas = new.person("carol"), new.person("JONAS")
        reader = new.person("carol", Grant(Scope.READ, NEVER))
        before = [row["about"] for row in new.call("read_audit", action="key_created")["items"]]
        assert restored(new, content).kept_keys == 4
        after = new.call("read_audit", action="key_created")["items"]
        assert [row["about"].lower() for row in after] == [name.lower() for name in before]
        assert len({row["about_key"] for row in after}) == 4, "of the keys as they are numbered now"
        assert reader.refused("log_work", text="x").code == "scope_missing"
        assert new.call("get_status")
        receipt = jonas.call("log_work", text="x", issue="TURBO-1")
        assert receipt["issue"] == "TURBO-1"
        assert jonas.call("list_issues", assignee="me", status="archived")["total"] == 1
        assert carol.call("list_projects")["total"] == 2


def test_a_database_that_is_not_empty_is_left_alone(turbo: Turbo) -> None:
    fill(turbo)
    content = exported(turbo)
    with pytest.raises(TransferFailed, match=r"not empty: it has 2 projects.*DATABASE_URL"):
        restored(turbo, content)
    assert rows_of(exported(turbo)) == rows_of(content)


def test_work_without_a_project_counts_as_data(turbo: Turbo) -> None:
    turbo.call("log_work", text="x")
    with pytest.raises(TransferFailed, match="1 work_logs"):
        restored(turbo, exported(turbo))


def test_an_empty_database_is_an_export_too(make_database: Maker) -> None:
    with Turbo(make_database("sqlite")) as old, Turbo(make_database("sqlite")) as new:
        assert restored(new, exported(old)).rows["projects"] == 0


def test_an_export_is_of_one_moment(turbo: Turbo) -> None:
    """What is written while it runs is in all of its tables, or in none."""
    fill(turbo)
    file = io.BytesIO()

    async def while_others_write() -> None:
        other = open_database(turbo.settings.database_url)
        await other.connect()
        async with turbo.runner.database.connection() as db, other.connection() as writing:
            await export_to(_Interrupted(db, lambda: _add_label(writing)), file)  # type: ignore[arg-type]
        await other.disconnect()

    turbo.run(while_others_write())
    assert b"tardy" not in file.getvalue()
    assert b"tardy" in exported(turbo)


async def _add_label(db: Connection) -> None:
    await db.fetch(sql("insert into labels (workspace_id, name, folded) values (1, 'tardy', 'tardy') returning id"))


class _Interrupted:
    """A connection on which somebody else writes once the first statement of the snapshot has run."""

    def __init__(self, db: Connection, write: Callable[[], object]) -> None:
        self.dialect, self.snapshot, self.fetch = db.dialect, db.snapshot, db.fetch
        self._db, self._write, self._statements = db, write, 0

    async def fetch_one(self, *arguments: object) -> object:
        found = await self._db.fetch_one(*arguments)  # type: ignore[arg-type]
        self._statements += 1
        if self._statements == 3:  # the schema's version, the instance, the first count
            await self._write()  # type: ignore[misc]
        return found


def test_large_databases_take_little_memory(make_database: Maker, tmp_path: Path) -> None:
    with Turbo(make_database("sqlite")) as turbo:
        turbo.call("create_project", key="TURBO", name="x")
        turbo.call("create_issue", project="TURBO", title="x", description="y" * 500)
        turbo.run(turbo.with_database(_multiply_issues))
        path = tmp_path / "out.jsonl"
        tracemalloc.start()
        with path.open("wb") as file:
            rows = turbo.run(turbo.with_database(lambda db: export_to(db, file)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert rows["issues"] == 32_768
    assert path.stat().st_size > 30_000_000
    assert peak < 5_000_000


async def _multiply_issues(db: Connection) -> None:
    rest = "workspace_id, project_id, title, description, type, status, priority, created_by, created_at, updated_at"
    number = "number + (select max(number) from issues)"
    for _ in range(15):
        await db.fetch(sql(f"insert into issues (number, {rest}) select {number}, {rest} from issues returning id"))


async def _all_of(table: str, db: Connection) -> list[Row]:
    return await db.fetch(sql(f"select * from {table}"))


def test_the_times_are_utc_and_the_secrets_stay(turbo: Turbo) -> None:
    fill(turbo)
    content = exported(turbo)
    header = json.loads(content.split(b"\n")[0])
    assert header["exported_at"].endswith("Z")
    assert datetime.fromisoformat(header["exported_at"]).tzinfo == UTC
    assert turbo.ada.token.encode() not in content
    assert mint()[:10].encode() not in content
    for table in ("instance", "api_keys"):
        rows = turbo.run(turbo.with_database(partial(_all_of, table)))
        secrets = [row["pepper"] if table == "instance" else row["hash"] for row in rows]
        assert secrets
        assert all(secret.encode() not in content for secret in secrets)
