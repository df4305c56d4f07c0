"""create_issue and list_issues by hand: Starlette, asyncpg and orjson, nothing between. `issues_api.py PORT` with
DATABASE_URL. The statements are the server's in number and shape, the answers the same to the byte but for the cursor.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TITLE_KEY, TITLE_WORDS = "of the one title", ["keep", "short"]
PRIORITIES = ("urgent", "high", "medium", "low", "none")
KEY = """
    select k.id as key_id, k.name as key_name, k.last4, k.scope, k.machine, k.expires_at, k.renewal_days,
           k.last_used_at, k.revoked_at, k.next_hash, k.previous_until,
           case when k.is_limited
                then (select json_agg(p.project_id) from key_projects p where p.key_id = k.id) end as projects,
           k.is_limited, a.id as account_id, a.name, a.role, a.removed_at, w.id as workspace_id, w.name as workspace,
           (select json_agg(h.id) from projects h
            where h.workspace_id = k.workspace_id and h.private_at is not null and not exists (
                select 1 from project_members m where m.project_id = h.id and m.account_id = k.account_id)) as hidden
    from api_keys k join accounts a on a.id = k.account_id join workspaces w on w.id = k.workspace_id
    where k.hash = $1
"""
CREATE = """
    with numbered as (
        update projects set next_number = next_number + 1, updated_at = $3 where workspace_id = $1 and key = $2
        returning id, next_number - 1 as number
    )
    insert into issues (workspace_id, project_id, number, title, description, type, status, priority, assignee_id,
                        parent_id, due, started_at, finished_at, created_by, machine, session, title_key,
                        created_at, updated_at)
    select $1, numbered.id, numbered.number, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $3, $3
    from numbered returning id, number, project_id
"""
FIELDS = """workspace_id bigint, kind text, subject_id bigint, item_kind text, item_id bigint,
    project_id bigint, key text, title text, title_words text, text text, state text, at timestamptz, words text"""
COLUMNS = ", ".join(field.split()[0] for field in FIELDS.split(","))
STRETCHES = " || ".join(f"' ~{bits}.' || (id >> {bits})" for bits in (11, 14, 17, 20))
ENTRY = f"""
    with given as (
        select nextval('search_entries_id_seq') as id, r.* from json_to_recordset($1::json) as r({FIELDS})
    ), put as (
        insert into search_entries (id, {COLUMNS})
        select id, {COLUMNS.removesuffix(", words")}, (words || {STRETCHES})::tsvector from given
        on conflict (kind, subject_id)
        do update set id = excluded.id, {", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", "))}
    )
    select word from unnest($3::text[]) as w(word)
    where not exists (select 1 from search_words s where s.workspace_id = $2 and s.word = w.word)
"""  # noqa: S608 - all parts are ours
EVENT = """
    insert into events (workspace_id, tx, action, subject_kind, subject_id, key, project_id, changes, undoes_id,
                        author_id, machine, session, created_at, api_key_id)
    select $1, pg_current_xact_id()::text::bigint, 'created', 'issue', $2, $3, cast($4 as bigint), $5, null,
           $6, $7, $8, $9, cast($10 as bigint)
    where not exists (select 1 from projects where id = cast($4 as bigint) and archived_at is not null)
    returning id
"""
SAME_TITLE = """
    select number from issues where project_id = $1 and title_key = $2 and id <> $3 and archived_at is null
      and created_at >= $4 order by id desc limit 1
"""
CLAIM = """
    insert into idempotency_keys as k (account_id, key, workspace_id, fingerprint, created_at)
    select $1, $2, $3, $4, $5 where set_config('lock_timeout', $7, true) <> ''
    on conflict (account_id, key) do update
    set fingerprint = excluded.fingerprint, status = null, headers = null, body = null, created_at = excluded.created_at
    where k.created_at < $6 returning key
"""
FINISH = """
    update idempotency_keys set status = $3, headers = $4, body = $5 where account_id = $1 and key = $2 returning key
"""
SOURCE = """
    from issues i join projects p on p.id = i.project_id left join accounts a on a.id = i.assignee_id
    where i.workspace_id = $1 and i.project_id = (select id from projects where workspace_id = $1 and key = $2)
      and i.archived_at is null and p.archived_at is null
"""
TOTAL = f"select count(*) from (select 1 {SOURCE} limit 10001) as counted"  # noqa: S608
PAGE = f"""
    select i.id, p.key as project_key, i.number, i.title, i.type, i.status, i.priority, a.name as assignee, i.due,
           i.updated_at, (select json_agg(l.name) from (
               select l.name from issue_labels il join labels l on l.id = il.label_id where il.issue_id = i.id
               order by l.name) as l) as labels,
           exists (select 1 from issue_blocks b join issues o on o.id = b.blocker_id
                   where b.blocked_id = i.id and o.status not in ('done', 'cancelled')
                     and o.archived_at is null) as waits
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
                now = datetime.now(UTC)
                call = request.headers.get("idempotency-key")
                if call:
                    mark = hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest()
                    mine = (who["account_id"], call, who["workspace_id"], mark, now)
                    await db.fetchrow(CLAIM, *mine, now - timedelta(days=30), "3000ms")
                made = await db.fetchrow(CREATE, *_values(given, who, request, now))
                key = f"{given['project']}-{made['number']}"
                await db.fetch(ENTRY, _entry(given, who, made, now), who["workspace_id"], TITLE_WORDS)
                await db.fetchrow(EVENT, *_event(given, who, request, made, now))
                month = now - timedelta(days=30)
                same = await db.fetchval(SAME_TITLE, made["project_id"], TITLE_KEY, made["id"], month)
                receipt = {"key": key, "title": given["title"], "status": "backlog", "created": True}
                answer = _answer(receipt | ({"possible_duplicate_of": f"{given['project']}-{same}"} if same else {}))
                if call:
                    await db.fetchrow(FINISH, who["account_id"], call, 200, None, bytes(answer.body).decode())
        return answer

    async def list_issues(self, request: Request) -> Response:
        given = orjson.loads(await request.body())
        limit = given["limit"]
        db: Any
        async with self.pool.acquire() as db:
            who = await self._authenticated(db, request)
            if who is None:
                return Response(status_code=401)
            total = await db.fetchval(TOTAL, who["workspace_id"], given["project"])
            rows = await db.fetch(PAGE, who["workspace_id"], given["project"], limit + 1)
        shown = rows[:limit]
        more = _cursor(shown[-1], total) if len(rows) > limit else None
        return _answer({"total": total, "next_cursor": more, "items": [_row(row) for row in shown]})

    async def _authenticated(self, db: Any, request: Request) -> asyncpg.Record | None:
        token = request.headers["authorization"].removeprefix("Bearer ").encode()
        who: asyncpg.Record | None = await db.fetchrow(KEY, hmac.digest(self._pepper, token, "sha256").hex())
        return None if who is None or who["revoked_at"] is not None else who


async def _keep_session(_connection: object) -> None:
    """No reset query when a connection returns to the pool."""


def _entry(given: dict[str, Any], who: asyncpg.Record, made: asyncpg.Record, now: datetime) -> str:
    """What search reads of the one title and text that the bench creates: making words of them is no SQL."""
    key = f"{given['project']}-{made['number']}"
    ends = dict.fromkeys(("subject_id", "item_id"), made["id"])
    place = {"workspace_id": who["workspace_id"], "project_id": made["project_id"]}
    row = {**place, "kind": "issue", "item_kind": "issue", **ends, "key": key, "at": now}
    words = (
        f"=w1 =p{made['project_id']} =kissue =sopen ^#{key} ^keep ^it ^short #{key} keep it short why and what to do"
    )
    texts = {"title": given["title"], "title_words": f" #{key} keep it short ", "text": given["description"]}
    return orjson.dumps([row | texts | {"state": "open", "words": words}]).decode()


def _event(
    given: dict[str, Any], who: asyncpg.Record, request: Request, made: asyncpg.Record, now: datetime
) -> tuple[object, ...]:
    changes = orjson.dumps({name: [None, value] for name, value in given.items()}).decode()
    author = (who["account_id"], request.headers.get("turbo-machine"), request.headers.get("turbo-session"))
    key = f"{given['project']}-{made['number']}"
    return who["workspace_id"], made["id"], key, made["project_id"], changes, *author, now, who["key_id"]


def _values(given: dict[str, Any], who: asyncpg.Record, request: Request, now: datetime) -> tuple[object, ...]:
    headers = request.headers
    author = (who["account_id"], headers.get("turbo-machine"), headers.get("turbo-session"))
    priority = PRIORITIES.index(given["priority"])
    set_by_hand = (given["title"], given["description"], given["type"], "backlog", priority)
    return who["workspace_id"], given["project"], now, *set_by_hand, *(None,) * 5, *author, TITLE_KEY


def _row(row: asyncpg.Record) -> dict[str, Any]:
    line: dict[str, Any] = {
        "key": f"{row['project_key']}-{row['number']}", "title": row["title"], "type": row["type"],
        "status": row["status"], "priority": PRIORITIES[row["priority"]],
    }  # fmt: skip
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
    verbs = (api.create_issue, api.list_issues)
    tools = [Route(f"/v1/tools/{verb.__name__}", verb, methods=["POST"]) for verb in verbs]
    return Starlette(routes=[Route("/health", api.health), *tools], lifespan=api.lifespan)


def main(port: str) -> None:
    served = app(Api(os.environ["DATABASE_URL"]))
    config = uvicorn.Config(served, port=int(port), log_level="warning", access_log=False, server_header=False)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main(sys.argv[1])
