"""Jobs, webhooks with what was sent to them, and comments that a mentor wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
change = "expand"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
UNIQUE = sa.text("unique_key is not null")
OPEN = sa.text("state <> 'dead'")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.Text()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("holder", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_jobs_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_jobs_unique", "jobs", ["workspace_id", "kind", "unique_key"], unique=True,
        postgresql_where=UNIQUE, sqlite_where=UNIQUE,
    )  # fmt: skip
    op.create_index("ix_jobs_due", "jobs", ["due_at", "id"], postgresql_where=OPEN, sqlite_where=OPEN)
    _webhooks()
    _deliveries()
    op.add_column("comments", sa.Column("mentor", sa.Text()))


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text()),
        sa.Column("actions", sa.Text()),
        sa.Column("project_ids", sa.Text()),
        sa.Column("cursor_tx", sa.BigInteger(), nullable=False),
        sa.Column("cursor_id", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_webhooks_workspace_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_webhooks_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_workspace", "webhooks", ["workspace_id", "id"])


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("webhook_id", BIG, nullable=False),
        sa.Column("event_id", sa.BigInteger()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("attempted_at", TIME),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_webhook_deliveries_workspace_id")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_deliveries_webhook", "webhook_deliveries", ["webhook_id", "id"])
    op.create_index("ix_webhook_deliveries_age", "webhook_deliveries", ["created_at", "id"])
    undelivered = sa.text("state <> 'delivered'")
    op.create_index(
        "ix_webhook_deliveries_open", "webhook_deliveries", ["webhook_id", "state"],
        postgresql_where=undelivered, sqlite_where=undelivered,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("comments", "mentor")
    for table in ("webhook_deliveries", "webhooks", "jobs"):
        op.drop_table(table)
