"""No statement of any tool reads a whole table: Postgres' own plans, on a table large enough for it to have a choice.

Sequential scans are made the last resort, so that what is found has no index at all.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bench.scale.fill import fill
from bench.scale.rows import Team
from tests.server.events import read
from tests.server.harness import Turbo
from tests.server.hook_calls import deliveries, make
from tests.server.receiver import receiver
from tests.server.test_results import CALLS, prepare
from turbo_server.kit.postgres import PostgresConnection
from turbo_server.kit.sql import Statement

# As many rows as there are people, projects and labels; never as many as there are issues.
FEW = {
    "workspaces", "accounts", "api_keys", "key_projects", "project_members", "projects", "labels", "instance",
    "alembic_version", "webhooks",
}  # fmt: skip
# Filled here with so much that a walk through a whole index is no match for a look-up.
LARGE = {"issues", "issue_labels", "comments", "work_logs", "events"}
Plan = dict[str, Any]
EVENT_QUERIES: tuple[dict[str, str], ...] = (
    {}, {"after": "latest"}, {"project": "TURBO"}, {"key": "TURBO-1"}, {"kind": "issue"}, {"session": "session-1"},
    {"person": "me", "machine": "laptop"},
)  # fmt: skip


def nodes(plan: Plan, *, limited: bool = False) -> Iterator[tuple[Plan, bool]]:
    """Every step of a plan, and whether a limit stops it early."""
    limited = limited or plan["Node Type"] == "Limit"
    yield plan, limited
    for part in plan.get("Plans", ()):
        # A sort must see all before a limit can stop it.
        yield from nodes(part, limited=limited and plan["Node Type"] not in ("Sort", "Aggregate", "Hash"))


def complaints(plan: Plan) -> Iterator[str]:
    for node, limited in nodes(plan):
        table = node.get("Relation Name")
        if table is None or table in FEW:
            continue
        if node["Node Type"] == "Seq Scan":
            yield f"reads all of {table}"
        elif table in LARGE and "Index" in node["Node Type"] and "Index Cond" not in node and not limited:
            yield f"walks all of {node['Index Name']}"


@pytest.fixture
def plans(turbo: Turbo, monkeypatch: pytest.MonkeyPatch) -> dict[str, Plan]:
    """Statement to plan, of all that runs while the test does."""
    seen: dict[str, Plan] = {}

    async def explain(db: Any, statement: Statement, values: tuple[object, ...]) -> None:
        text = statement.postgres
        if text in seen or text.startswith("explain"):
            return
        await db._driver.execute("set enable_seqscan = off")
        (row,) = await db._driver.fetch(f"explain (format json) {text}", *values)
        await db._driver.execute("reset enable_seqscan")
        seen[text] = json.loads(row[0])[0]["Plan"]

    def explained(method: Any) -> Any:
        async def run(db: Any, statement: Statement, *values: object) -> Any:
            await explain(db, statement, values)
            return await method(db, statement, *values)

        return run

    for name in ("fetch", "fetch_one"):
        monkeypatch.setattr(PostgresConnection, name, explained(getattr(PostgresConnection, name)))
    return seen


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_every_statement_of_every_tool_has_an_index(turbo: Turbo, plans: dict[str, Plan]) -> None:
    fill(turbo.settings.database_url, Team(issues=20_000, projects=50))
    prepare(turbo)
    with receiver() as somebody:
        made = make(turbo.ada, somebody, kinds=["issue"], projects=["TURBO"])
        turbo.call("create_issue", project="TURBO", title="is told")
        turbo.catch_up()
        assert deliveries(turbo.ada, made["id"])
        turbo.ada.ask("POST", "/v1/webhooks/redeliver", id=made["id"])
        turbo.ada.ask("GET", "/v1/webhooks")
    for name, arguments in CALLS:
        turbo.call(name, **arguments)
    for query in EVENT_QUERIES:
        read(turbo, **query)
    for query in (*EVENT_QUERIES[2:], {"since": "-7d", "until": "today"}):
        turbo.ada.ask("GET", "/v1/activity", **query)
    view = turbo.ada.ask("POST", "/v1/views", name="x", page="issues", query="project=TURBO", shared=True)["id"]
    turbo.ada.ask("POST", "/v1/views/change", id=view, name="y")
    turbo.ada.ask("POST", "/v1/views/order", ids=[view])
    turbo.ada.ask("DELETE", "/v1/views", id=view)
    for path in ("/v1/queue", "/v1/claims"):
        turbo.ada.ask("GET", path, project="TURBO")
    turbo.ada.ask("GET", "/v1/claims")
    assert len(plans) > 30
    found = {text: list(complaints(plan)) for text, plan in plans.items()}
    assert [f"{said}: {' '.join(text.split())}" for text, said in found.items() if said] == []


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_a_statement_without_an_index_is_noticed(turbo: Turbo, plans: dict[str, Plan]) -> None:
    prepare(turbo)
    plans.clear()
    turbo.call("list_issues", text="first")
    walk = "select id from issues where machine = 'x'"

    async def ask(db: Any) -> None:
        await db.fetch(Statement(walk, walk))

    turbo.run(turbo.with_database(ask))
    assert any(complaints(plans[walk]))
