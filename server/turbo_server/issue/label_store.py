"""The statements that list labels with the issues that carry them."""

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.paging import TOTAL_CAP
from turbo_server.kit.sql import Conditions, sql

CARRIED = """exists (
    select 1 from issue_labels il join issues i on i.id = il.issue_id
    where il.label_id = l.id and i.project_id = $? and i.archived_at is null)"""


async def page(db: Connection, where: Conditions, project_id: int | None, after: str, limit: int) -> list[Row]:
    """In the order of their names, each with its open and closed issues, of one project or all."""
    terms, parameters = str(where), [*where.parameters, after, limit, project_id]
    count = len(where.parameters)
    return await db.fetch(
        sql(f"""
            with shown as (
                select l.id, l.name, l.folded from labels l where {terms} and l.folded > ${count + 1}
                order by l.folded limit ${count + 2}
            )
            select s.name, s.folded, count(case when i.status not in ('done', 'cancelled') then 1 end) as open,
                   count(case when i.status in ('done', 'cancelled') then 1 end) as closed
            from shown s left join issue_labels il on il.label_id = s.id
            left join issues i on i.id = il.issue_id and i.archived_at is null
                 and (cast(${count + 3} as bigint) is null or i.project_id = cast(${count + 3} as bigint))
            group by s.id, s.name, s.folded order by s.folded
        """),  # noqa: S608 - all parts are ours
        *parameters,
    )


async def total(db: Connection, where: Conditions) -> int:
    counted = sql(f"select count(*) as total from (select 1 from labels l where {where} limit {TOTAL_CAP}) as c")  # noqa: S608
    row = await db.fetch_one(counted, *where.parameters)
    return row["total"] if row else 0
