"""`mentions`: a thousand comments call a mentor while servers are killed: each is answered exactly once.

Two servers on one Postgres, or one on SQLite, and a stand-in of Anthropic's API. 1 where an answer is missing or there
twice; 2 where the run does not come to its end.
"""

import argparse
import asyncio
import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import httpx

from bench.faults.processes import Servers, killable_postgres
from bench.server import Server, on_sqlite, with_key
from bench.workshop import Workshop
from tests.mentor_api import KEY, MentorApi, mentor_api
from tests.postgres import create_database
from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.sql import sql
from turbo_server.migrations.migrate import migrate

ISSUES = 200
WRITERS = 4
DOWN_SECONDS = 0.5
TRIES = 60
RETRY_SECONDS = 0.5
CREATED_AT_ONCE = 50
BUDGET = "10000"  # dollars a day: nothing shall wait for tomorrow
_ANSWERS = sql("""
    select q.id, count(a.id) as answers from comments q left join comments a on a.reply_to_id = q.id
    where q.mentor is null group by q.id
""")
_STRAY = sql("select count(*) as total from comments where mentor is not null and reply_to_id is null")
_TURNS = sql("select state, count(*) as total from turns group by state")
_OPEN = sql("select count(*) as total from jobs")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`answers` is how many comments have how many answers."""

    answers: Counter[int]
    stray: int
    turns: dict[str, int]
    jobs_left: int

    def is_clean(self, mentions: int) -> bool:
        return self.answers == {1: mentions} and not self.stray and self.turns == {"done": mentions}


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    print(f"seed {arguments.seed}, {arguments.mentions:,} mentions, {arguments.kills} kills, {arguments.database} ...")
    with Workshop(quick=False) as bench, mentor_api() as api, _database(bench, arguments.database) as plain:
        answering = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.origin,
                     "TURBO_MENTOR_DAILY_BUDGET": BUDGET, "TURBO_MENTOR_WORKSPACE_BUDGET": BUDGET}  # fmt: skip
        server = replace(plain, environment=plain.environment | answering)
        count = 1 if arguments.database == "sqlite" else 2
        with Servers(server, count, bench.log) as servers:
            return _run(arguments, server, servers, api)


@contextlib.contextmanager
def _database(bench: Workshop, kind: str) -> Iterator[Server]:
    if kind == "sqlite":
        yield on_sqlite(bench)
        return
    with killable_postgres() as postgres:
        url = create_database(postgres.url, "turbo_mentions")
        migrate(url)
        yield with_key(url, bench.fresh_folder("home"))


def _run(arguments: argparse.Namespace, server: Server, servers: Servers, api: MentorApi) -> int:
    _post(servers.ports[0], server, "create_project", {"key": "RED", "name": "Red"}, "red")
    for first in range(0, ISSUES, CREATED_AT_ONCE):
        issues = [{"project": "RED", "title": f"Issue {number}"} for number in range(first, first + CREATED_AT_ONCE)]
        _post(servers.ports[0], server, "create_issues", {"issues": issues}, f"issues {first}")
    began = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as writers:
        written = [writers.submit(_mention, servers, server, number) for number in range(arguments.mentions)]
        ended = threading.Event()
        killing = threading.Thread(target=_kill, args=(arguments, servers, api, ended))
        killing.start()
        for each in written:
            each.result()
    wrote = time.monotonic() - began
    verdict = _wait_for_answers(server, arguments)
    ended.set()
    killing.join()
    took = time.monotonic() - began
    asked = len(api.requests)
    print(f"{arguments.mentions:,} comments written in {wrote:.0f} s, all answered after {took:.0f} s;"
          f" the API was asked {asked:,} times")  # fmt: skip
    print(f"comments by their number of answers: {dict(verdict.answers)}; turns {verdict.turns}; stray answers"
          f" {verdict.stray}; jobs left {verdict.jobs_left}")  # fmt: skip
    if verdict.jobs_left:
        print("The run did not come to its end.")
        return 2
    is_clean = verdict.is_clean(arguments.mentions)
    print("ok: each mention was answered exactly once" if is_clean else "OVER: not each was answered exactly once")
    return 0 if is_clean else 1


def _mention(servers: Servers, server: Server, number: int) -> None:
    """Under one key until it is acknowledged, at whichever server is up."""
    arguments: dict[str, object] = {"key": f"RED-{number % ISSUES + 1}", "text": f"@architect what of {number}?"}
    for attempt in range(TRIES):
        with contextlib.suppress(httpx.HTTPError):
            _post(
                servers.ports[(number + attempt) % len(servers.ports)], server, "add_comment", arguments, f"m{number}"
            )
            return
        time.sleep(RETRY_SECONDS)
    raise SystemExit(f"mention {number} could not be written")


def _post(port: int, server: Server, tool: str, arguments: dict[str, object], key: str) -> None:
    headers = {"Authorization": f"Bearer {server.token}", "Idempotency-Key": key.replace(" ", "-")}
    url = f"http://127.0.0.1:{port}/v1/tools/{tool}"
    httpx.post(url, json=arguments, headers=headers, timeout=20, trust_env=False).raise_for_status()


def _kill(arguments: argparse.Namespace, servers: Servers, api: MentorApi, ended: threading.Event) -> None:
    """With -9, each time so many more questions have reached the API: then some are always being answered."""
    draw = random.Random(arguments.seed)
    part = arguments.mentions / max(arguments.kills, 1)
    for number in range(arguments.kills):
        at = part * (number + draw.uniform(0.05, 0.9))
        while len(api.requests) < at:
            if ended.wait(0.01):
                return
        which = draw.randrange(len(servers.ports))
        servers.kill(which)
        time.sleep(draw.uniform(0, DOWN_SECONDS))
        servers.start(which)


def _wait_for_answers(server: Server, arguments: argparse.Namespace) -> Verdict:
    deadline = time.monotonic() + arguments.minutes * 60
    while (verdict := asyncio.run(_judge(server.database_url))).jobs_left and time.monotonic() < deadline:
        time.sleep(1)
    return verdict


async def _judge(url: str) -> Verdict:
    database = open_database(url)
    await database.connect()
    try:
        async with database.connection() as db:
            return await _judged(db)
    finally:
        await database.disconnect()


async def _judged(db: Connection) -> Verdict:
    (open_,), (stray,) = await db.fetch(_OPEN), await db.fetch(_STRAY)
    answers = Counter(row["answers"] for row in await db.fetch(_ANSWERS))
    turns = {row["state"]: row["total"] for row in await db.fetch(_TURNS)}
    return Verdict(answers, stray["total"], turns, open_["total"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.faults mentions", description=__doc__)
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--mentions", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    return parser
