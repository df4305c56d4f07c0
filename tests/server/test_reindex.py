"""Search's entries are made from the data: by every change, by a migration of what was there, and by `reindex`."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.harness import Turbo
from tests.server.live import clean_environment, turbo_server_here
from turbo_server.kit.sql import Statement
from turbo_server.migrations.migrate import migrate


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    return clean_environment(tmp_path, DATABASE_URL=database_url)


def run(turbo: Turbo, *statements: str) -> None:
    async def all_of_them(db: Any) -> None:
        for text in statements:
            await db.fetch(Statement(text, text))

    turbo.run(turbo.with_database(all_of_them))


def fill(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web shop", description="for cups")
    turbo.call("create_issue", project="WEB", title="Login forgets the session", labels=["urgent"], criteria=["calm"])
    turbo.call("create_issue", project="WEB", title="A cart")
    turbo.call("add_comment", key="WEB-2", text="needs kubernetes")
    turbo.call("log_work", issue="WEB-1", text="learned zanzibar")
    turbo.call("log_work", project="WEB", text="learned xylophone")
    turbo.call("log_work", text="learned for nobody")


QUERIES = (
    "session",
    "cups",
    "urgent calm",
    "kubernetes",
    "zanzibar",
    "xylophone",
    "WEB-2",
    "sesion",
    "cart",
    "learned",
)


def answers(turbo: Turbo) -> list[list[tuple[str, str | None]]]:
    return [
        sorted((hit["key"], hit.get("in")) for hit in turbo.call("search", query=query)["items"]) for query in QUERIES
    ]


def test_reindex_makes_the_same_entries_anew(environment: dict[str, str]) -> None:
    with Turbo(environment["DATABASE_URL"]) as turbo:
        fill(turbo)
        before = answers(turbo)
        run(turbo, "delete from search_entries", "delete from search_words", "delete from search_traces")
        assert turbo.call("search", query="session")["total"] == 0
    made = turbo_server_here(environment, "reindex")
    assert (made.returncode, made.stderr) == (0, "Search knows 6 texts.\n")
    with Turbo(environment["DATABASE_URL"]) as turbo:
        assert answers(turbo) == before
        assert turbo.call("search", query="sesion")["searched_for"] == "session"


def test_reindex_leaves_out_what_was_taken_back_and_renews_what_is_wrong(environment: dict[str, str]) -> None:
    with Turbo(environment["DATABASE_URL"]) as turbo:
        fill(turbo)
        run(
            turbo,
            "update comments set archived_at = created_at",
            "update issues set title = 'Renamed' where id = 1",
        )
        assert turbo.call("search", query="kubernetes")["total"] == 0
    assert turbo_server_here(environment, "reindex").returncode == 0
    with Turbo(environment["DATABASE_URL"]) as turbo:
        assert turbo.call("search", query="renamed")["total"] == 1
        assert turbo.call("search", query="session")["total"] == 0
        assert turbo.call("search", query="kubernetes")["total"] == 0


def test_migrate_indexes_what_has_no_entry_and_nothing_else(environment: dict[str, str]) -> None:
    with Turbo(environment["DATABASE_URL"]) as turbo:
        fill(turbo)
        before = answers(turbo)
        run(turbo, "delete from search_entries where kind <> 'project'")
    made = turbo_server_here(environment, "migrate")
    assert "Search knows 5 texts more." in made.stderr
    again = turbo_server_here(environment, "migrate")
    assert (again.returncode, "Search" in again.stderr) == (0, False)
    with Turbo(environment["DATABASE_URL"]) as turbo:
        assert answers(turbo) == before


def test_a_database_from_before_search_knows_its_items_after_the_migration(environment: dict[str, str]) -> None:
    url = environment["DATABASE_URL"]
    with Turbo(url) as turbo:
        fill(turbo)
        before = answers(turbo)
    migrate(url, "0002")
    assert turbo_server_here(environment, "migrate").returncode == 0
    with Turbo(url) as turbo:
        assert answers(turbo) == before
