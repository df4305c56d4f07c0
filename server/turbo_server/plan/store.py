"""The statements on a table of plans: initiatives and milestones have the same columns."""

from sqlalchemy import Table

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import sql

_SELECT = """
    select t.id, t.project_id, p.key as project_key, t.number, t.title, t.description, t.status, o.name as owner, t.due,
           c.name as created_by, t.machine, t.session, t.created_at, t.updated_at, t.archived_at,
           t.version
"""


class PlanTable:
    """`source` is for lists: the table is called t, its project p, its owner o."""

    def __init__(self, table: Table) -> None:
        self.records = Records(table)
        self.source = f"{table.name} t join projects p on p.id = t.project_id left join accounts o on o.id = t.owner_id"
        found = f"{_SELECT} from {self.source} join accounts c on c.id = t.created_by"
        self._by_key = sql(f"{found} where p.workspace_id = $1 and p.key = $2 and t.number = $3")
        self._by_id = sql(f"{found} where t.workspace_id = $1 and t.id {{among}} $2 {{end_among}}")
        self._near = sql(f"""
            select t.number from {table.name} t join projects p on p.id = t.project_id
            where p.workspace_id = $1 and p.key = $2 and t.number <= $3 and t.archived_at is null
            order by t.number desc limit 3
        """)  # noqa: S608 - all parts are ours

    async def by_key(self, db: Connection, workspace_id: int, project: str, number: int) -> Row | None:
        return await db.fetch_one(self._by_key, workspace_id, project, number)

    async def by_id(self, db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
        return await db.fetch(self._by_id, workspace_id, ids)

    async def nearest_numbers(self, db: Connection, workspace_id: int, project: str, number: int) -> list[int]:
        return [row["number"] for row in await db.fetch(self._near, workspace_id, project, number)]
