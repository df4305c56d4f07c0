"""A SQLite file that is damaged, or is none."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.live import clean_environment, turbo_server
from turbo_server.kit.database import open_database
from turbo_server.kit.database_errors import DatabaseProblem


def test_a_damaged_file_is_told(make_database: Callable[[str], str]) -> None:
    url = make_database("sqlite")
    path = Path(url.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    async def start() -> None:
        database = open_database(url)
        await database.connect()  # which reads its first page, and more of it

    with pytest.raises(DatabaseProblem, match="damaged"):
        asyncio.run(start())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("This is a letter, and no database at all. " * 200, "turbo.db, which is no SQLite database."),
        ("SQLite format 3\0" + "x" * 5000, "could not be migrated: file is not a database"),
    ],
    ids=["letter", "damaged"],
)
def test_a_file_that_is_no_database_is_one_sentence_at_the_start(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "turbo.db"
    path.write_text(content)
    said = turbo_server(clean_environment(tmp_path, DATABASE_URL=f"sqlite:///{path}"), "serve")
    assert said.returncode == 1
    assert words in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert path.read_text() == content
