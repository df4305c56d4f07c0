"""Roles, invitations, and projects that are private to some."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
ITEMS = ("issue", "initiative", "milestone", "decision", "document")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("role", sa.Text(), server_default="member", nullable=False))
    op.execute("update accounts set role = 'owner'")  # so far, everybody could do everything
    op.add_column("accounts", sa.Column("removed_at", TIME, nullable=True))
    op.add_column("projects", sa.Column("private_at", TIME, nullable=True))
    private = sa.text("private_at is not null")
    op.create_index(
        "ix_projects_private", "projects", ["workspace_id", "id"], postgresql_where=private, sqlite_where=private
    )
    _create_members()
    _create_invitations()
    _give_entries_their_project()


def _create_members() -> None:
    op.create_table(
        "project_members",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_members_project_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_project_members_account_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_project_members_workspace_id")),
        sa.ForeignKeyConstraint(["added_by"], ["accounts.id"], name=op.f("fk_project_members_added_by")),
        sa.PrimaryKeyConstraint("project_id", "account_id", name=op.f("pk_project_members")),
    )
    op.create_index("ix_project_members_account", "project_members", ["account_id"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("invited_by", BIG, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("key_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_invitations_workspace_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["accounts.id"], name=op.f("fk_invitations_invited_by")),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_invitations_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitations_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitations_workspace", "invitations", ["workspace_id", "id"])


def _give_entries_their_project() -> None:
    """What search knows of, too, is seen by those who see its project."""
    kind = "integer" if op.get_bind().dialect.name == "sqlite" else "bigint"
    name = "fk_search_entries_project_id"
    op.execute(f"alter table search_entries add column project_id {kind} constraint {name} references projects (id)")
    for item in ITEMS:
        op.execute(
            f"update search_entries set project_id = (select i.project_id from {item}s i where i.id = item_id)"  # noqa: S608
            f" where item_kind = '{item}'"
        )
    op.execute("update search_entries set project_id = item_id where item_kind = 'project'")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # it drops no column that a foreign key stands on
        with op.batch_alter_table("search_entries") as batch:
            batch.drop_column("project_id")
    else:
        op.drop_column("search_entries", "project_id")
    op.drop_table("invitations")
    op.drop_table("project_members")
    op.drop_index("ix_projects_private", table_name="projects")
    op.drop_column("projects", "private_at")
    op.drop_column("accounts", "removed_at")
    op.drop_column("accounts", "role")
