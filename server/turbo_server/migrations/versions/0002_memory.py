"""Initiatives, milestones, decisions, documents, relations, claims, events, origins; more about an issue."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
OPEN = sa.text("status not in ('done', 'cancelled')")
# Columns added to tables of the first migration; a foreign key stands in the column, as SQLite takes it only there.
COUNTERS = (
    ("projects", "next_initiative"),
    ("projects", "next_milestone"),
    ("projects", "next_document"),
    ("workspaces", "next_decision"),
)
ARCHIVED = ("projects", "issues", "comments", "work_logs")
REFERENCES = (
    ("issues", "initiative_id", "initiatives"),
    ("issues", "milestone_id", "milestones"),
    ("comments", "reply_to_id", "comments"),
)
ISSUE_TEXTS = ("handoff", "criteria", "question", "title_key")
TABLES = (
    "origins",
    "claims",
    "events",
    "relations",
    "document_versions",
    "documents",
    "decisions",
    "milestones",
    "initiatives",
)
ISSUE_INDEXES = (
    "ix_issues_initiative", "ix_issues_milestone", "ix_issues_title", "ix_issues_rank", "ix_issues_question",
)  # fmt: skip


def upgrade() -> None:
    for table, name in COUNTERS:
        op.add_column(table, sa.Column(name, sa.Integer(), server_default="1", nullable=False))
    for table in ARCHIVED:
        op.add_column(table, sa.Column("archived_at", TIME, nullable=True))
    _create_plans()
    _create_decisions()
    _create_documents()
    _create_relations()
    _create_events()
    _create_claims()
    _create_origins()
    for table, name, target in REFERENCES:
        kind = "integer" if op.get_bind().dialect.name == "sqlite" else "bigint"
        constraint = f"constraint fk_{table}_{name} references {target} (id)"
        op.execute(f"alter table {table} add column {name} {kind} {constraint}")
    for name in ISSUE_TEXTS:
        op.add_column("issues", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("issues", sa.Column("rank", BYTEWISE, nullable=True))
    _index_issues()
    op.create_index("ix_work_logs_project", "work_logs", ["project_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_work_logs_project", table_name="work_logs")
    for name in ISSUE_INDEXES:
        op.drop_index(name, table_name="issues")
    for name in ("rank", *ISSUE_TEXTS):
        op.drop_column("issues", name)
    for table, name, _ in REFERENCES:
        _drop_reference(table, name)
    for table in TABLES:
        op.drop_table(table)
    for table in ARCHIVED:
        op.drop_column(table, "archived_at")
    for table, name in COUNTERS:
        op.drop_column(table, name)


def _drop_reference(table: str, name: str) -> None:
    """SQLite drops no column that a foreign key stands on: there the table is copied."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_column(table, name)
        return
    with op.batch_alter_table(table) as batch:
        batch.drop_column(name)


def _index_issues() -> None:
    op.create_index("ix_issues_initiative", "issues", ["initiative_id", "status"])
    op.create_index("ix_issues_milestone", "issues", ["milestone_id", "status"])
    op.create_index("ix_issues_title", "issues", ["project_id", "title_key"])
    for name, columns, where in (
        ("ix_issues_rank", ["workspace_id", "rank"], sa.text("rank is not null")),
        ("ix_issues_question", ["workspace_id", "id"], sa.text("question is not null")),
    ):
        op.create_index(name, "issues", columns, postgresql_where=where, sqlite_where=where)


def _create(table: str, *columns: Any, references: Sequence[tuple[str, str]], unique: Sequence[str] = ()) -> None:
    """A table with an id and a workspace. `references` are (column, table it points to)."""
    keys = [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))
        for name, target in (("workspace_id", "workspaces"), *references)
    ]
    if unique:
        keys.append(sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")))  # type: ignore[arg-type]
    op.create_table(
        table,
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *keys,
        sqlite_autoincrement=True,
    )


def _author(name: str = "created_by") -> list[Any]:
    return [
        sa.Column(name, BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
    ]


def _numbered() -> list[Any]:
    return [
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
    ]


def _changing() -> list[Any]:
    return [*_author(), sa.Column("updated_at", TIME, nullable=False), sa.Column("archived_at", TIME, nullable=True)]


def _create_plans() -> None:
    for table, person in (("initiatives", "owner_id"), ("milestones", "owner_id")):
        _create(
            table,
            *_numbered(),
            sa.Column("description", sa.Text(), nullable=False),
            sa.Column("status", sa.Text(), nullable=False),
            sa.Column(person, BIG, nullable=True),
            sa.Column("due", sa.Date(), nullable=True),
            *_changing(),
            references=[("project_id", "projects"), (person, "accounts"), ("created_by", "accounts")],
            unique=("project_id", "number"),
        )
        op.create_index(f"ix_{table}_updated", table, _newest())
    where = sa.text("status = 'open'")
    columns = ["workspace_id", "due", "id"]
    op.create_index("ix_milestones_due", "milestones", columns, postgresql_where=where, sqlite_where=where)


def _newest() -> list[Any]:
    return ["workspace_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")]


def _create_decisions() -> None:
    _create(
        "decisions",
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("context", "options", "outcome", "reason", "impact")),
        sa.Column("paths", sa.Text(), nullable=True),
        sa.Column("superseded_by_id", BIG, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        *_changing(),
        references=[("project_id", "projects"), ("superseded_by_id", "decisions"), ("created_by", "accounts")],
        unique=("workspace_id", "number"),
    )
    op.create_index("ix_decisions_updated", "decisions", _newest())
    op.create_index("ix_decisions_project", "decisions", ["project_id"])
    op.create_index("ix_decisions_superseded_by", "decisions", ["superseded_by_id"])
    where = sa.text("paths is not null")
    op.create_index(
        "ix_decisions_paths", "decisions", ["workspace_id", "id"], postgresql_where=where, sqlite_where=where
    )


def _create_documents() -> None:
    _create(
        "documents",
        *_numbered(),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        *_changing(),
        sa.Column("text", sa.Text(), nullable=False),
        references=[("project_id", "projects"), ("created_by", "accounts")],
        unique=("project_id", "number"),
    )
    op.create_index("ix_documents_updated", "documents", _newest())
    _create(
        "document_versions",
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("characters", sa.Integer(), nullable=False),
        *_author("author_id"),
        sa.Column("text", sa.Text(), nullable=False),
        references=[("document_id", "documents"), ("author_id", "accounts")],
        unique=("document_id", "version"),
    )


def _create_relations() -> None:
    _create(
        "relations",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("from_kind", sa.Text(), nullable=False),
        sa.Column("from_id", BIG, nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("to_id", BIG, nullable=False),
        *_author(),
        references=[("created_by", "accounts")],
        unique=("from_kind", "from_id", "type", "to_kind", "to_id"),
    )
    op.create_index("ix_relations_to", "relations", ["to_kind", "to_id"])


def _create_events() -> None:
    _create(
        "events",
        sa.Column("tx", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.Column("undoes_id", BIG, nullable=True),
        *_author("author_id"),
        references=[("author_id", "accounts"), ("project_id", "projects"), ("undoes_id", "events")],
    )
    op.create_index("ix_events_order", "events", ["workspace_id", "tx", "id"])
    op.create_index("ix_events_subject", "events", ["subject_kind", "subject_id", "id"])
    op.create_index("ix_events_session", "events", ["workspace_id", "session", "id"])
    where = sa.text("undoes_id is not null")
    op.create_index("ix_events_undoes", "events", ["undoes_id"], postgresql_where=where, sqlite_where=where)


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("claimed_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_claims_account_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_claims_issue_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_claims_workspace_id")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_claims")),
    )
    op.create_index("ix_claims_holder", "claims", ["account_id", "machine", "session"])


def _create_origins() -> None:
    _create(
        "origins",
        sa.Column("project_id", BIG, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("source", "kind", "origin")),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        references=[("project_id", "projects")],
        unique=("project_id", "source", "kind", "origin"),
    )
