"""`turbo-server jobs`: what an operator sees, tries again and forgets."""

import json
from collections.abc import Callable

import pytest

from tests.server.harness import Turbo
from turbo_server.cli import run
from turbo_server.job.queue import enqueue
from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql

Jobs = Callable[..., tuple[int, str, str]]


@pytest.fixture
def jobs(turbo: Turbo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Jobs:
    monkeypatch.setenv("DATABASE_URL", turbo.settings.database_url)

    def run_jobs(*words: str) -> tuple[int, str, str]:
        code = run(["jobs", *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_jobs


async def _put(db: Connection) -> None:
    """1 is dead, 2 runs, 3 waits."""
    for kind in ("mentor.answer", "webhook.deliver", "webhook.deliver"):
        await enqueue(db, 1, kind, {"secret": "none of the operator's business"})
    await db.fetch(
        sql("update jobs set state = 'dead', error = 'it answered 500', attempts = 8 where id = 1 returning id")
    )
    await db.fetch(sql("update jobs set state = 'running', holder = 'x', attempts = 1 where id = 2 returning id"))


def test_jobs_are_listed_retried_and_dropped(turbo: Turbo, jobs: Jobs) -> None:
    assert "There are no jobs" in jobs("list")[2]
    turbo.run(turbo.with_database(_put))
    code, out, said = jobs("list")
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 3)
    assert ("8 tries" in lines[0], "it answered 500" in lines[0], "lease until" in lines[1], "due" in lines[2]) == (
        True, True, True, True,
    )  # fmt: skip
    assert "business" not in out
    assert "jobs retry ID" in said
    assert [json.loads(line)["id"] for line in jobs("list", "--dead", "--json")[1].splitlines()] == [1]
    assert jobs("drop", "2") == (
        1,
        "",
        "Job 2 runs at this moment, or is not there: `turbo-server jobs list` shows all.\n",
    )
    assert jobs("retry", "3")[0] == 1
    assert jobs("retry", "1")[2] == "1 job will be tried again.\n"
    assert jobs("list", "--dead")[2] == "Nothing was given up.\n"
    assert jobs("drop", "3")[0] == 0
    turbo.run(turbo.with_database(lambda db: db.fetch(sql("update jobs set state = 'dead' returning id"))))
    assert jobs("drop", "--all-dead")[2] == "2 jobs forgotten.\n"


def test_a_number_that_is_none_is_said(jobs: Jobs) -> None:
    assert jobs("retry", "0")[0] == 2
