"""create_issue and list_issues by hand: Starlette, asyncpg and orjson, nothing between. `issues_api.py PORT` with
DATABASE_URL. The statements are the server's in number and shape, the answers the same to the byte but for the cursor.
"""

import asyncio
import base64
import contextlib
import hmac
import os
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PRIORITIES = ("urgent", "high", "medium", "low", "none")
KEY = """
    select k.id as key_id, k.name as key_name, k.last4, k.last_used_at, k.revoked_at,
           a.id as account_id, a.name, w.id as workspace_id, w.name as workspace
    from api_keys k join accounts a on a.id = k.account_id join workspaces w on w.id = k.workspace_id
    where k.hash = $1
"""
CREATE = """
    with numbered as (
        update projects set next_number = next_number + 1, updated_at = $3 where workspace_id = $1 and key = $2
        returning id, next_number - 1 as number
    )
    insert into issues (workspace_id, project_id, number, title, description, type, status, priority, assignee_id,
                        parent_id, due, started_at, finished_at, created_by, machine, session, created_at, updated_at)
    select $1, numbered.id, numbered.number, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $3, $3
    from numbered returning id, number
"""
PROJECT = (
    "select id, key, name, description, next_number, updated_at from projects where workspace_id = $1 and key = $2"
)
SOURCE = """
    from issues i join projects p on p.id = i.project_id left join accounts a on a.id = i.assignee_id
    where i.workspace_id = $1 and i.project_id = $2
"""
TOTAL = f"select count(*) from (select 1 {SOURCE} limit 10001) as counted"  # noqa: S608
PAGE = f"""
    select i.id, p.key as project_key, i.number, i.title, i.type, i.status, i.priority, a.name as assignee, i.due,
           i.updated_at, (select json_agg(l.name) from (
               select l.name from issue_labels il join labels l on l.id = il.label_id where il.issue_id = i.id
               order by l.name) as l) as labels,
           exists (select 1 from issue_blocks b join issues o on o.id = b.blocker_id
                   where b.blocked_id = i.id and o.status not in ('done', 'cancelled')) as waits
    {SOURCE} order by i.updated_at desc, i.id desc limit $3
"""  # noqa: S608 - both parts are ours


class Api:
    """`pool` is open while the application runs. `watch` is told of every statement."""

    def __init__(self, url: str, watch: Callable[[object], None] | None = None) -> None:
        self._url = url
        self._watch = watch
        self.pool: asyncpg.Pool[asyncpg.Record]

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        options: Any = {"min_size": 0, "max_size": 10, "reset": _keep_session, "init": self._watched}
        async with asyncpg.create_pool(self._url, **options) as self.pool:
            pepper: str = await self.pool.fetchval("select pepper from instance where id = 1")
            self._pepper = pepper.encode()
            yield

    async def _watched(self, connection: asyncpg.Connection) -> None:
        if self._watch:
            connection.add_query_logger(self._watch)

    async def health(self, _request: Request) -> Response:
        return Response(b'{"status":"ok"}', media_type="application/json")

    async def create_issue(self, request: Request) -> Response:
        given = orjson.loads(await request.body())
        db: Any
        async with self.pool.acquire() as db:
            who = await self._authenticated(db, request)
            if who is None:
                return Response(status_code=401)
            async with db.transaction():
                made = await db.fetchrow(CREATE, *_values(given, who, request))
        key = f"{given['project']}-{made['number']}"
        return _answer({"key": key, "title": given["title"], "status": "backlog", "created": True})

    async def list_issues(self, request: Request) -> Response:
        given = orjson.loads(await request.body())
        limit = given["limit"]
        db: Any
        async with self.pool.acquire() as db:
            who = await self._authenticated(db, request)
            if who is None:
                return Response(status_code=401)
            project = await db.fetchrow(PROJECT, who["workspace_id"], given["project"])
            total = await db.fetchval(TOTAL, who["workspace_id"], project["id"])
            rows = await db.fetch(PAGE, who["workspace_id"], project["id"], limit + 1)
        shown = rows[:limit]
        more = _cursor(shown[-1], total) if len(rows) > limit else None
        return _answer({"total": total, "next_cursor": more, "items": [_row(row) for row in shown]})

    async def _authenticated(self, db: Any, request: Request) -> asyncpg.Record | None:
        token = request.headers["authorization"].removeprefix("Bearer ").encode()
        who: asyncpg.Record | None = await db.fetchrow(KEY, hmac.digest(self._pepper, token, "sha256").hex())
        return None if who is None or who["revoked_at"] is not None else who


async def _keep_session(_connection: object) -> None:
    """No reset query when a connection returns to the pool."""


def _values(given: dict[str, Any], who: asyncpg.Record, request: Request) -> tuple[object, ...]:
    headers = request.headers
    author = (who["account_id"], headers.get("turbo-machine"), headers.get("turbo-session"))
    priority = PRIORITIES.index(given["priority"])
    set_by_hand = (given["title"], given["description"], given["type"], "backlog", priority)
    return who["workspace_id"], given["project"], datetime.now(UTC), *set_by_hand, *(None,) * 5, *author


def _row(row: asyncpg.Record) -> dict[str, Any]:
    line: dict[str, Any] = {
        "key": f"{row['project_key']}-{row['number']}",
        "title": row["title"],
        "type": row["type"],
        "status": row["status"],
        "priority": PRIORITIES[row["priority"]],
    }
    if row["assignee"]:
        line["assignee"] = row["assignee"]
    if row["due"]:
        line["due"] = row["due"]
    if row["labels"]:
        line["labels"] = orjson.Fragment(row["labels"])
    if row["waits"] or row["status"] == "blocked":
        line["blocked"] = True
    line["updated_at"] = row["updated_at"]
    return line


def _cursor(last: asyncpg.Record, total: int) -> str:
    position = orjson.dumps([total, last["updated_at"], last["id"]])
    return base64.urlsafe_b64encode(position).decode().rstrip("=")


def _answer(value: dict[str, Any]) -> Response:
    body = orjson.dumps(value, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)
    return Response(body, media_type="application/json", headers={"Turbo-Catalogue": '"floor"'})


def app(api: Api) -> Starlette:
    return Starlette(
        routes=[
            Route("/health", api.health),
            Route("/v1/tools/create_issue", api.create_issue, methods=["POST"]),
            Route("/v1/tools/list_issues", api.list_issues, methods=["POST"]),
        ],
        lifespan=api.lifespan,
    )


def main(port: str) -> None:
    served = app(Api(os.environ["DATABASE_URL"]))
    config = uvicorn.Config(served, port=int(port), log_level="warning", access_log=False, server_header=False)
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main(sys.argv[1])
