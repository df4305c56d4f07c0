"""What it means that an issue `i` is open, can be taken up, is due, waits: the conditions that several stores share.

They say word for word what the partial indexes of store.py say: a database uses an index only for a condition it knows.
"""

OPEN = "i.status not in ('done', 'cancelled') and i.archived_at is null"
TAKEABLE = "i.status in ('backlog', 'ready') and i.archived_at is null"
DUE = f"i.due is not null and {OPEN}"
WAITS = """exists (
    select 1 from issue_blocks b join issues o on o.id = b.blocker_id
    where b.blocked_id = i.id and o.status not in ('done', 'cancelled') and o.archived_at is null)"""
# $1 workspace
EVERYWHERE = """i.workspace_id = $1 and i.project_id not in (
    select id from projects where workspace_id = $1 and archived_at is not null)"""
