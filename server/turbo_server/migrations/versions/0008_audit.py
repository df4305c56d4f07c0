"""What happened to keys and people; and with which key each event was brought about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ABOUT_A_KEY = sa.text("about_key_id is not null")
REFERENCES = (
    ("workspace_id", "workspaces"), ("account_id", "accounts"), ("key_id", "api_keys"),
    ("about_account_id", "accounts"), ("about_key_id", "api_keys"),
)  # fmt: skip


def upgrade() -> None:
    kind = "integer" if op.get_bind().dialect.name == "sqlite" else "bigint"
    # A foreign key stands in the column, as SQLite takes it only there.
    reference = "constraint fk_events_api_key_id references api_keys (id)"
    op.execute(f"alter table events add column api_key_id {kind} {reference}")
    op.create_index("ix_events_time", "events", ["workspace_id", "created_at", "id"])
    op.create_table(
        "audit",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("key_id", BIG, nullable=True),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("about_account_id", BIG, nullable=True),
        sa.Column("about_key_id", BIG, nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_audit_{name}"))
            for name, target in REFERENCES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_time", "audit", ["workspace_id", "created_at", "id"])
    op.create_index(
        "ix_audit_key", "audit", ["about_key_id", "action", "id"],
        postgresql_where=ABOUT_A_KEY, sqlite_where=ABOUT_A_KEY,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_index("ix_events_time", table_name="events")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_column("events", "api_key_id")
        return
    with op.batch_alter_table("events") as batch:  # SQLite drops no column that a foreign key stands on
        batch.drop_column("api_key_id")
