"""Webhooks and what was sent to them: the tables and every statement on them."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from turbo_server.kit.tables import Time, id_column, metadata, reference

webhooks = Table(
    "webhooks",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),  # it is told what this person sees, and no more
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("salt", Text, nullable=False),  # of its secret, which is not stored: see secret.py
    Column("kinds", Text),  # JSON lists, as the next two; without one there is no such filter
    Column("actions", Text),
    Column("projects", Text),  # their ids
    Column("cursor_tx", BigInteger, nullable=False),  # the place of the last event that was looked at
    Column("cursor_id", BigInteger, nullable=False),
    Column("failing_since", Time),
    Column("created_at", Time, nullable=False),
    Index("ix_webhooks_workspace", "workspace_id", "id"),
    sqlite_autoincrement=True,
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("webhook_id", "webhooks"),
    Column("event_id", BigInteger),  # none: a test
    Column("message", Text, nullable=False),  # the webhook-id header: the same each time it is sent
    Column("state", Text, nullable=False),  # waiting, delivered, dead
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),  # that of the last answer
    Column("error", Text),
    Column("created_at", Time, nullable=False),
    Column("attempted_at", Time),
    Index("ix_webhook_deliveries_webhook", "webhook_id", "id"),
    Index("ix_webhook_deliveries_age", "created_at", "id"),
    sqlite_autoincrement=True,
)
