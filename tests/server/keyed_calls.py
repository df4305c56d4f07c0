"""What the tests of repeated calls share: a call's body, and what is there afterwards."""

import json
from typing import Any

from tests.server.harness import Turbo
from turbo_server.kit.answer import Answer
from turbo_server.kit.sql import sql

REPLAYED = {"Idempotent-Replayed": "true"}


def issue(title: str = "First", **more: object) -> bytes:
    return json.dumps({"project": "TURBO", "title": title, **more}).encode()


def titles(turbo: Turbo) -> list[str]:
    return [each["title"] for each in turbo.call("list_issues", project="TURBO", sort="key")["items"]]


def rows(turbo: Turbo) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        async with turbo.runner.database.connection() as db:
            return [dict(row) for row in await db.fetch(sql("select * from idempotency_keys order by key"))]

    return turbo.run(read())


def code_of(answer: Answer) -> str:
    return str(json.loads(answer.body)["error"]["code"])
