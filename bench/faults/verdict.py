"""What is in the database against what was acknowledged."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from bench.faults.writers import CREATE, Write
from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.sql import sql

_ISSUES = sql("""
    select p.key || '-' || i.number as key, i.title as text from issues i join projects p on p.id = i.project_id
""")
_LOGS = sql("select text from work_logs")
_GAPS = sql("""
    select p.key, p.next_number - 1 as given, (select count(*) from issues i where i.project_id = p.id) as there,
           (select coalesce(max(number), 0) from issues i where i.project_id = p.id) as last
    from projects p
""")
_CREATIONS = sql("select count(*) as total from events where action = 'created' and subject_kind = 'issue'")
_CLAIMS = sql("select count(*) as total from idempotency_keys where status is null")


@dataclass(frozen=True, slots=True)
class Verdict:
    lost: int  # acknowledged, and not there
    elsewhere: int  # acknowledged under a key that is another's
    doubled: int  # there more often than once
    gaps: int  # numbers that nothing has, and counters that do not follow the last one
    events_off: int  # creations without their event, or with two
    claims_left: int  # keys without an answer

    @property
    def is_clean(self) -> bool:
        return not any((self.lost, self.elsewhere, self.doubled, self.gaps, self.events_off, self.claims_left))


def judge(url: str, saved: list[Write]) -> Verdict:
    return asyncio.run(_judge(url, saved))


async def _judge(url: str, saved: list[Write]) -> Verdict:
    database = open_database(url)
    await database.connect()
    try:
        async with database.connection() as db:
            return await _compared(db, saved)
    finally:
        await database.disconnect()


async def _compared(db: Connection, saved: list[Write]) -> Verdict:
    issues = {row["key"]: row["text"] for row in await db.fetch(_ISSUES)}
    there = Counter([*issues.values(), *(row["text"] for row in await db.fetch(_LOGS))])
    counters = await db.fetch(_GAPS)
    (creations,), (claims,) = await db.fetch(_CREATIONS), await db.fetch(_CLAIMS)
    return Verdict(
        lost=sum(write.text not in there for write in saved),
        elsewhere=sum(write.tool == CREATE and issues.get(write.key or "") != write.text for write in saved),
        doubled=sum(times - 1 for times in there.values()),
        gaps=sum(abs(row["last"] - row["there"]) + abs(row["given"] - row["last"]) for row in counters),
        events_off=abs(creations["total"] - len(issues)),
        claims_left=claims["total"],
    )
