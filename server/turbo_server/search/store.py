"""What search reads: the tables, and the statements that keep them. Everything in them is made from other tables.

An entry's `words` are looked up through a full text index: on Postgres a tsvector without positions under GIN, on
SQLite an FTS5 table that reads them from here and follows by triggers. A change gives the entry a new id, so that ids
tell what is newest; on Postgres the words also hold which stretch of ids the entry is in (see candidates.py).
"""

import json
from collections.abc import Iterable

from pydantic_core import to_json
from sqlalchemy import Column, Index, Table, Text, UniqueConstraint
from sqlalchemy.types import UserDefinedType

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Dialect, Statement, sql
from turbo_server.kit.tables import BigId, Bytewise, Time, id_column, index_when_needed, metadata, reference

from .entry import Entry


class Tsvector(UserDefinedType[str]):
    """Postgres' own, named without its dialect: importing that would be a twentieth of a local server's start."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "TSVECTOR"


search_entries = Table(
    "search_entries",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("kind", Text, nullable=False),  # an item's, or comment, or work_log
    Column("subject_id", BigId, nullable=False),
    Column("item_kind", Text, nullable=False),  # whose hit it is: the entry's own, or what the comment is on
    Column("item_id", BigId, nullable=False),
    reference("project_id", "projects", required=False),
    Column("key", Bytewise),
    Column("title", Text, nullable=False),
    Column("title_words", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, closed, archived; empty: that of its item
    Column("at", Time, nullable=False),
    Column("words", Text().with_variant(Tsvector(), "postgresql"), nullable=False),
    UniqueConstraint("kind", "subject_id"),
    sqlite_autoincrement=True,
)
Index("ix_search_entries_key", search_entries.c.workspace_id, search_entries.c.key)
index_when_needed(
    lambda: Index(
        "ix_search_entries_words", search_entries.c.words, postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ).ddl_if(dialect="postgresql")
)

# Neither has a unique key: two writers of the same new word never wait for each other, at the price of a row too many.
search_words = Table(
    "search_words",
    metadata,
    reference("workspace_id", "workspaces"),
    Column("word", Bytewise, nullable=False),
    Index("ix_search_words_word", "workspace_id", "word"),
)
search_traces = Table(
    "search_traces",
    metadata,
    reference("workspace_id", "workspaces"),
    Column("trace", Bytewise, nullable=False),
    Column("word", Bytewise, nullable=False),
    Index("ix_search_traces_trace", "workspace_id", "trace"),
)

STRETCHES = (11, 14, 17, 20)  # an entry's stretches hold 2**11, 2**14, ... ids
_GIVEN = {
    "workspace_id": "bigint", "kind": "text", "subject_id": "bigint", "item_kind": "text", "item_id": "bigint",
    "project_id": "bigint", "key": "text",
    "title": "text", "title_words": "text", "text": "text", "state": "text", "at": "timestamptz",
    "words": "text",
}  # fmt: skip
_COLUMNS = ", ".join(_GIVEN)
_KEPT = ", ".join(name for name in _GIVEN if name != "words")
_STRETCH_WORDS = " || ".join(f"' ~{bits}.' || (id >> {bits})" for bits in STRETCHES)
# $1 the entries as JSON, $2 their workspace, $3 words of titles; answers those of the words that are new
_PUT = f"""
    with given as (
        select nextval('search_entries_id_seq') as id, r.*
        from json_to_recordset($1::json) as r({", ".join(f"{name} {kind}" for name, kind in _GIVEN.items())})
    ), put as (
        insert into search_entries (id, {_COLUMNS})
        select id, {_KEPT}, (words || {_STRETCH_WORDS})::tsvector from given
        on conflict (kind, subject_id)
        do update set id = excluded.id, {", ".join(f"{name} = excluded.{name}" for name in _GIVEN)}
    )
    select word from unnest($3::text[]) as w(word)
    where not exists (select 1 from search_words s where s.workspace_id = $2 and s.word = w.word)
"""  # noqa: S608 - all parts are ours, as below
_FIELDS = ", ".join(f"json_extract(value, '$.{name}')" for name in _GIVEN)
_DROP_OLD = Statement(
    "",
    """
    delete from search_entries where id in (
        select e.id from json_each($1) j cross join search_entries e
        on e.kind = json_extract(j.value, '$.kind') and e.subject_id = json_extract(j.value, '$.subject_id'))
""",
)
_ADD = Statement(_PUT, f"insert into search_entries ({_COLUMNS}) select {_FIELDS} from json_each($1) returning id")  # noqa: S608
_NEW_WORDS = Statement(
    "",
    """
    select j.value as word from json_each($2) j
    where not exists (select 1 from search_words s where s.workspace_id = $1 and s.word = j.value)
""",
)
_ADD_WORDS = Statement(
    "insert into search_words (workspace_id, word) select $1, unnest($2::text[])",
    "insert into search_words (workspace_id, word) select $1, value from json_each($2)",
)
_ADD_TRACES = Statement(
    """
    insert into search_traces (workspace_id, trace, word)
    select $1, value ->> 0, value ->> 1 from json_array_elements($2::json)
""",
    """
    insert into search_traces (workspace_id, trace, word)
    select $1, json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each($2)
""",
)
_BEGINNING_WITH = sql("""
    select word from (
        select distinct word from search_words where workspace_id = $1 and word >= $2 and word < $3 limit 200
    ) as w order by length(word), word limit $4
""")
_TRACED = sql("""
    select t.word, t.trace from search_traces t where t.workspace_id = $1 and t.trace {among} $2 {end_among} limit 2000
""")
# $1 workspace, $2 words
_IN_TITLES = Statement(
    """
    select w.word from unnest($2::text[]) as w(word) where exists (
        select 1 from search_entries e
        where e.words @@ (select cast('''^' || w.word || '''' as text)::tsquery) and e.workspace_id = $1)
""",
    """
    select j.value as word from json_each($2) j where exists (
        select 1 from search_index f join search_entries e on e.id = f.rowid
        where f.search_index match '"^' || j.value || '"' and e.workspace_id = $1)
""",
)
_TEXTS = sql("""
    select id, substr(text, case when place > 1000 then place - 1000 else 1 end, 4000) as text from (
        select e.id, e.text, {find}({fold}(e.text), $2) as place from search_entries e where e.id {among} $1 {end_among}
    ) as t
""")
_DROP = sql("delete from search_entries where workspace_id = $1 and kind = $2 and subject_id = $3 returning id")
_ARCHIVED_PROJECTS = sql("select id from projects where workspace_id = $1 and archived_at is not null limit 200")
_EXTENT = sql("""
    select (select max(id) from search_entries) as latest, exists (select 1 from workspaces where id <> $1) as is_shared
""", sees_all="a number to begin at, and whether there are others: nobody is shown either")  # fmt: skip
_EXPECTED = Statement(
    "explain (format json) select from search_entries where words @@ cast($1 as text)::tsquery", "",
    sees_all="how many rows a query may mean, to choose how to ask",
)  # fmt: skip


async def put(db: Connection, workspace_id: int, entries: list[Entry], title_words: Iterable[str]) -> list[str]:
    """Writes them, in place of what there was of the same subjects; answers which of the title words are new here."""
    given = to_json([entry.as_row() for entry in entries]).decode()
    words = sorted(set(title_words))
    if db.dialect is Dialect.POSTGRES:
        return [row["word"] for row in await db.fetch(_ADD, given, workspace_id, words)]
    await db.fetch(_DROP_OLD, given)
    await db.fetch(_ADD, given)
    return [row["word"] for row in await db.fetch(_NEW_WORDS, workspace_id, words)] if words else []


async def drop(db: Connection, workspace_id: int, kind: str, subject_id: int) -> None:
    await db.fetch(_DROP, workspace_id, kind, subject_id)


async def archived_projects(db: Connection, workspace_id: int) -> list[int]:
    return [row["id"] for row in await db.fetch(_ARCHIVED_PROJECTS, workspace_id)]


async def learn(db: Connection, workspace_id: int, traces: dict[str, list[str]]) -> None:
    """`traces` are those of each new word."""
    pairs = [(trace, word) for word, each in traces.items() for trace in each]
    await db.fetch(_ADD_WORDS, workspace_id, list(traces))
    await db.fetch(_ADD_TRACES, workspace_id, to_json(pairs).decode())


async def beginning_with(db: Connection, workspace_id: int, start: str, limit: int) -> list[str]:
    """Words of titles, the shortest first."""
    beyond = start + chr(0x10FFFF)
    return [row["word"] for row in await db.fetch(_BEGINNING_WITH, workspace_id, start, beyond, limit)]


async def traced(db: Connection, workspace_id: int, traces: list[str]) -> list[Row]:
    """(word, trace) of the words of titles that leave one of these."""
    return await db.fetch(_TRACED, workspace_id, traces)


async def in_titles(db: Connection, workspace_id: int, words: list[str]) -> set[str]:
    """Those of the words that stand in some title, or are a project's key."""
    return {row["word"] for row in await db.fetch(_IN_TITLES, workspace_id, words)}


async def texts(db: Connection, ids: list[int], around: str) -> dict[int, str]:
    """Of each entry the part of its text around the first of these words, or its beginning."""
    return {row["id"]: row["text"] for row in await db.fetch(_TEXTS, ids, around)}


async def extent(db: Connection, workspace_id: int) -> tuple[int, bool]:
    """The latest entry's id, and whether there are other workspaces."""
    row = await db.fetch_one(_EXTENT, workspace_id)
    return (int(row["latest"] or 0), bool(row["is_shared"])) if row else (0, False)


async def expected(db: Connection, asked: str) -> int:
    """How many entries Postgres thinks to fit; it samples how common each word is."""
    row = await db.fetch_one(_EXPECTED, asked)
    return int(json.loads(row["QUERY PLAN"])[0]["Plan"]["Plan Rows"]) if row else 0
