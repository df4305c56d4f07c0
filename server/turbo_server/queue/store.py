"""Claims: the table and every statement on it."""

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.tables import Time, metadata, reference

claims = Table(
    "claims",
    metadata,
    reference("issue_id", "issues", primary_key=True),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),
    Column("machine", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("claimed_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Index("ix_claims_holder", "account_id", "machine", "session"),
)
