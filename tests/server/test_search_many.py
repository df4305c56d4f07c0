"""Search where very much fits: the two databases go different ways there, and must find the same."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from bench.postgres import analyze
from bench.scale.fill import fill
from bench.scale.rows import Team
from tests.server.harness import Turbo
from turbo_server.catalogue import KINDS
from turbo_server.search.candidates import CANDIDATES
from turbo_server.search.reindex import reindex

TEAM = Team(issues=3_000, projects=20)
QUERIES: tuple[dict[str, object], ...] = (
    {"query": "anan"}, {"query": "anan anba"}, {"query": "anan", "project": "P003"}, {"query": "anan -anba"},
    {"query": "anan", "status": "closed"}, {"query": "anan", "kind": "issue"}, {"query": "indel grazenan"},
)  # fmt: skip


@pytest.fixture
def filled(make_database: Callable[[str], str]) -> Iterator[dict[str, Turbo]]:
    urls = {kind: make_database(kind) for kind in ("sqlite", "postgres")}
    with Turbo(urls["sqlite"]) as lite, Turbo(urls["postgres"]) as post:
        for turbo in (lite, post):
            fill(turbo.settings.database_url, TEAM)
            assert turbo.run(reindex(turbo.runner.database, KINDS)) > TEAM.issues
        asyncio.run(analyze(urls["postgres"]))
        yield {"sqlite": lite, "postgres": post}


def test_where_much_fits_both_databases_find_the_same_newest_ones(filled: dict[str, Turbo]) -> None:
    for asked in QUERIES:
        lite, post = (filled[kind].call("search", limit=50, **asked) for kind in ("sqlite", "postgres"))
        assert post == lite, asked
    much = filled["postgres"].call("search", query="anan")
    assert much["total_is_capped"]
    assert much["total"] >= CANDIDATES // 2  # several may be of one item
    assert _parts(filled["postgres"], "anan") > 1
    assert _parts(filled["postgres"], "indel grazenan") == 1


def _parts(turbo: Turbo, query: str) -> int:
    """Of how many stretches Postgres is asked at once."""
    with turbo.counting() as seen:
        turbo.call("search", query=query)
    return 1 + max(statement.count("union all") for statement in seen)
