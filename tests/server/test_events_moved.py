"""The feed of a database that was moved, imported or restored: a cursor of before never skips in silence."""

from typing import Any

import pytest

from tests.server.events import ids, read, refused
from tests.server.harness import Turbo
from tests.server.test_export import exported, restored
from turbo_server.kit.database import Connection
from turbo_server.kit.paging import Position, fingerprint, write_cursor
from turbo_server.kit.sql import sql


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="first")


@pytest.mark.parametrize("place", [(0, 99), (0, -1), (2**70, 1), (0, 2**70), (5, 1), (-3, 1)])
def test_a_place_that_is_not_here_is_refused(turbo: Turbo, place: tuple[int, int]) -> None:
    cursor = write_cursor(Position(0, (*place, "2026-01-01T00:00:00.000000+00:00")), fingerprint("events", 1))
    assert refused(turbo, after=cursor).code in ("events_moved", "invalid_cursor")


def test_a_cursor_of_another_database_says_what_to_do(turbo: Turbo, new_database: Any) -> None:
    with Turbo(new_database()) as other:
        other.call("create_project", key="OTHER", name="x")
        cursor = read(other)["next_cursor"]
    failure = refused(turbo, after=cursor)
    assert (failure.status, failure.code) == (410, "events_moved")
    assert "after=latest" in failure.hint


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_events_from_a_database_with_higher_numbers_are_read_after_a_move(turbo: Turbo) -> None:
    """As after pg_restore into a new server, where transaction numbers begin anew."""
    cursor = read(turbo)["next_cursor"]

    async def move(db: Connection) -> None:
        await db.fetch(sql("update events set tx = tx + 1000000000 returning id"))

    turbo.run(turbo.with_database(move))
    assert ids(read(turbo)) == [1, 2]
    turbo.call("add_comment", key="TURBO-1", text="after the move")
    assert ids(read(turbo)) == [1, 2, 3]
    assert refused(turbo, after=cursor).code == "events_moved"


def test_after_an_import_a_cursor_goes_on_where_it_can_and_else_says_so(turbo: Turbo, new_database: Any) -> None:
    """SQLite has no numbers of transactions to lose."""
    turbo.call("add_comment", key="TURBO-1", text="before")
    cursor = read(turbo)["next_cursor"]
    content = exported(turbo)
    with Turbo(new_database()) as new:
        restored(new, content)
        new.call("add_comment", key="TURBO-1", text="after")
        assert ids(read(new)) == [1, 2, 3, 4], "what was imported comes first"
        if new.settings.database_url.startswith("sqlite"):
            assert ids(read(new, after=cursor)) == [4]
        else:
            assert refused(new, after=cursor).code == "events_moved"
