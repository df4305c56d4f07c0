"""Workspaces, people and keys; projects, issues with labels and dependencies; comments and work logs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pepper", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("name", name=op.f("uq_workspaces_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "accounts",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_accounts_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_accounts_workspace_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "labels",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_labels_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("workspace_id", "folded", name=op.f("uq_labels_workspace_id_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "projects",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("next_number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_projects_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_projects_workspace_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_keys",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_keys_account_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_api_keys_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "comments",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_comments_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comments_subject", "comments", ["subject_kind", "subject_id", "id"], unique=False)
    op.create_table(
        "issues",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("assignee_id", BIG, nullable=True),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["accounts.id"], name=op.f("fk_issues_assignee_id")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_issues_created_by")),
        sa.ForeignKeyConstraint(["parent_id"], ["issues.id"], name=op.f("fk_issues_parent_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_issues_project_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_issues_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_issues_project_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_issues_mine", "issues", ["assignee_id", "status", "priority"], unique=False)
    op.create_index(
        "ix_issues_open",
        "issues",
        ["workspace_id", "priority", "due", "id"],
        unique=False,
        postgresql_where=sa.text("status not in ('done', 'cancelled')"),
        sqlite_where=sa.text("status not in ('done', 'cancelled')"),
    )
    op.create_index("ix_issues_parent", "issues", ["parent_id"], unique=False)
    op.create_index(
        "ix_issues_project",
        "issues",
        ["project_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_issues_updated",
        "issues",
        ["workspace_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "issue_blocks",
        sa.Column("blocked_id", BIG, nullable=False),
        sa.Column("blocker_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["blocked_id"], ["issues.id"], name=op.f("fk_issue_blocks_blocked_id")),
        sa.ForeignKeyConstraint(["blocker_id"], ["issues.id"], name=op.f("fk_issue_blocks_blocker_id")),
        sa.PrimaryKeyConstraint("blocked_id", "blocker_id", name=op.f("pk_issue_blocks")),
    )
    op.create_index("ix_issue_blocks_blocker", "issue_blocks", ["blocker_id"], unique=False)
    op.create_table(
        "issue_labels",
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("label_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_issue_labels_issue_id")),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_issue_labels_label_id")),
        sa.PrimaryKeyConstraint("issue_id", "label_id", name=op.f("pk_issue_labels")),
    )
    op.create_index("ix_issue_labels_label", "issue_labels", ["label_id"], unique=False)
    op.create_table(
        "work_logs",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("issue_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("commit_hash", sa.Text(), nullable=True),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_work_logs_author_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_work_logs_issue_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_work_logs_project_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_work_logs_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_logs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_work_logs_author", "work_logs", ["author_id", "created_at"], unique=False)
    op.create_index("ix_work_logs_issue", "work_logs", ["issue_id", "id"], unique=False)
    op.create_index("ix_work_logs_recent", "work_logs", ["workspace_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_work_logs_recent", table_name="work_logs")
    op.drop_index("ix_work_logs_issue", table_name="work_logs")
    op.drop_index("ix_work_logs_author", table_name="work_logs")
    op.drop_table("work_logs")
    op.drop_index("ix_issue_labels_label", table_name="issue_labels")
    op.drop_table("issue_labels")
    op.drop_index("ix_issue_blocks_blocker", table_name="issue_blocks")
    op.drop_table("issue_blocks")
    op.drop_index("ix_issues_updated", table_name="issues")
    op.drop_index("ix_issues_project", table_name="issues")
    op.drop_index("ix_issues_parent", table_name="issues")
    op.drop_index(
        "ix_issues_open",
        table_name="issues",
        postgresql_where=sa.text("status not in ('done', 'cancelled')"),
        sqlite_where=sa.text("status not in ('done', 'cancelled')"),
    )
    op.drop_index("ix_issues_mine", table_name="issues")
    op.drop_table("issues")
    op.drop_index("ix_comments_subject", table_name="comments")
    op.drop_table("comments")
    op.drop_table("api_keys")
    op.drop_table("projects")
    op.drop_table("labels")
    op.drop_table("accounts")
    op.drop_table("workspaces")
    op.drop_table("instance")
