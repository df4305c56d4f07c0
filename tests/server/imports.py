"""Runs `turbo-server import` of what other tools left, and looks at what it made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.server.harness import Turbo
from turbo_server.kit.sql import sql

Import = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parent / "samples"
PLACES = {
    "beads": "beads/issues.jsonl",
    "backlog": "backlog",
    "taskmaster": "taskmaster/tasks.json",
    "github": "github/issues.json",
    "csv": "csv/semicolon.csv",
}


def item(turbo: Turbo, key: str) -> dict[str, Any]:
    return turbo.call("get_item", key=key, include=["comments"])


def by_title(turbo: Turbo) -> dict[str, str]:
    rows = [
        row
        for status in ("open", "closed", "archived")
        for row in turbo.call("list_issues", project="TURBO", status=status, limit=100)["items"]
    ]
    return {row["title"]: row["key"] for row in rows}


def counts(turbo: Turbo) -> dict[str, int]:
    tables = ("issues", "comments", "events", "labels", "issue_blocks", "origins", "milestones", "documents")

    async def count(db: Any) -> dict[str, int]:
        found = {name: await db.fetch_one(sql(f"select count(*) as total from {name}")) for name in tables}
        return {name: row["total"] for name, row in found.items()}

    return turbo.run(turbo.with_database(count))
