"""Mentors: the table and every statement on it."""

from collections.abc import Iterable
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import Boolean, Column, Integer, Table, Text, UniqueConstraint, false

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import Dialect, Statement, sql
from turbo_server.kit.tables import Time, id_column, metadata, newest_first, reference, version_column

mentors = Table(
    "mentors",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("handle", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("instructions", Text, nullable=False),
    Column("watches", Text, nullable=False),
    Column("model", Text),  # none: the server's
    Column("daily_cents", Integer),  # what its answers may cost in a day; none: the server's own limits alone
    Column("may_propose", Boolean, nullable=False, server_default=false()),  # writes, for the user to accept
    reference("created_by", "accounts", required=False),  # none: it came with Turbo
    Column("machine", Text),
    Column("session", Text),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("archived_at", Time),
    version_column(),
    UniqueConstraint("workspace_id", "handle"),
    sqlite_autoincrement=True,
)
newest_first(mentors)

RECORDS = Records(mentors)
