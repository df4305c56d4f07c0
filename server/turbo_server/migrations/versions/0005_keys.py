"""What a key may do, for how long, on which machine, in which projects; and its second secret while it is rotated."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
ADDED: tuple[tuple[str, Any], ...] = (
    ("machine", sa.Text()),
    ("expires_at", TIME),
    ("renewal_days", sa.Integer()),
    ("next_hash", sa.Text()),
    ("next_last4", sa.Text()),
    ("previous_hash", sa.Text()),
    ("previous_until", TIME),
)


def upgrade() -> None:
    # Keys from before have no end and may do everything: as when they were made.
    op.add_column("api_keys", sa.Column("scope", sa.Text(), server_default="admin", nullable=False))
    op.add_column("api_keys", sa.Column("is_limited", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name, kind in ADDED:
        op.add_column("api_keys", sa.Column(name, kind, nullable=True))
    big = "integer" if op.get_bind().dialect.name == "sqlite" else "bigint"
    op.execute(
        f"alter table api_keys add column made_by_id {big} constraint fk_api_keys_made_by_id references api_keys (id)"
    )
    op.create_index("ix_api_keys_next_hash", "api_keys", ["next_hash"], unique=True)
    op.create_index("ix_api_keys_previous_hash", "api_keys", ["previous_hash"], unique=True)
    op.create_index("ix_api_keys_account_id", "api_keys", ["account_id"])
    op.create_index("ix_api_keys_made_by_id", "api_keys", ["made_by_id"])
    op.create_table(
        "key_projects",
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_key_projects_key_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_key_projects_project_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_key_projects_workspace_id")),
        sa.PrimaryKeyConstraint("key_id", "project_id", name=op.f("pk_key_projects")),
    )


def downgrade() -> None:
    op.drop_table("key_projects")
    for name in ("made_by_id", "account_id", "previous_hash", "next_hash"):
        op.drop_index(f"ix_api_keys_{name}", table_name="api_keys")
    if op.get_bind().dialect.name == "sqlite":  # it drops no column that a foreign key stands on
        with op.batch_alter_table("api_keys") as batch:
            batch.drop_column("made_by_id")
    else:
        op.drop_column("api_keys", "made_by_id")
    for name in ("scope", "is_limited", *(name for name, _ in ADDED)):
        op.drop_column("api_keys", name)
