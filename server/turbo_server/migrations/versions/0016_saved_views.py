"""Saved views of the web page; the claims of a workspace by the end of their leases."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
change = "expand"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
SHARED = sa.text("shared_at is not null")


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("shared_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_saved_views_workspace_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_saved_views_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_views_place", "saved_views", ["account_id", "place", "id"])
    op.create_index(
        "ix_saved_views_shared", "saved_views", ["workspace_id"], postgresql_where=SHARED, sqlite_where=SHARED
    )
    op.create_index("ix_claims_lease", "claims", ["workspace_id", "expires_at"])


def downgrade() -> None:
    op.drop_index("ix_claims_lease", "claims")
    op.drop_table("saved_views")
