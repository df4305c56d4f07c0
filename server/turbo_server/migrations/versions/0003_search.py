"""What search reads: entries with a full text index, and the words of titles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# FTS5 reads the words from the entries' own column, and is told of each entry that comes and goes.
FTS5 = (
    """create virtual table search_index using fts5(
        words, content='search_entries', content_rowid='id', detail=none, columnsize=0,
        tokenize="ascii tokenchars '^=.+#'")""",
    """create trigger search_entries_come after insert on search_entries begin
        insert into search_index (rowid, words) values (new.id, new.words); end""",
    """create trigger search_entries_go after delete on search_entries begin
        insert into search_index (search_index, rowid, words) values ('delete', old.id, old.words); end""",
)


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("item_kind", sa.Text(), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("key", BYTEWISE, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_search_entries_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entries_kind_subject_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_entries_key", "search_entries", ["workspace_id", "key"])
    _create_word_table("search_words", "word")
    _create_word_table("search_traces", "trace", sa.Column("word", BYTEWISE, nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    else:
        # Without a list of pending entries, which every search would read from end to end (4 to 7 ms at its 4 MB).
        options = {"fastupdate": "off"}
        op.create_index(
            "ix_search_entries_words", "search_entries", ["words"], postgresql_using="gin", postgresql_with=options
        )


def _create_word_table(name: str, main: str, *columns: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column(main, BYTEWISE, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f(f"fk_{name}_workspace_id")),
    )
    op.create_index(f"ix_{name}_{main}", name, ["workspace_id", main])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop table search_index")
    for name in ("search_traces", "search_words", "search_entries"):
        op.drop_table(name)
