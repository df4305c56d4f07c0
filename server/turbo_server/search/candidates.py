"""Which entries fit a query, and how well: the newest that fit, with a score of whole numbers.

No database ranks everything that fits: a common word fits half of all. SQLite's FTS5 walks from the newest entry and
stops. A GIN index knows no order. So where much fits, by the planner's own estimate, Postgres is asked for the newest
stretch of ids first (a word like any other in the index), one that should hold enough, then for more, and stops as
soon as it has it. Where little fits, it is asked for all at once: each stretch costs as much as a rare word does.

The score is the same sum on both, of how often and where a query's words stand. It counts nothing about other
entries, so that it is worth the same on the next page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Conditions, Dialect, sql

from . import store
from .asking import GRAMMARS, Query, Tags, Term, expression

CANDIDATES = 300
ENOUGH = 2 * CANDIDATES  # of what an estimate says
MOST_STRETCHES = 8  # asked for at once; each is a look of its own into the index
SCORED_TERMS = 6
LEAD = 1_000  # characters of a text in which a word's occurrences count
IN_TITLE, TITLE_BEGINNING, TITLE_PHRASE, TITLE_IS_IT = 100, 80, 150, 100
IN_LEAD, MOST_IN_LEAD, LEAD_PHRASE = 5, 4, 30
EXACT_KEY, KEY_BEGINNING = 100_000, 50_000
_ALL_TEXT = "{fold}(e.title || ' ' || e.text)"
Stretch = tuple[str, int, int]  # what to add to a question, the lowest id, the id above
_COLUMNS = "e.id, e.kind, e.subject_id, e.item_kind, e.item_id, e.at"
_CHOSEN = f"{_COLUMNS}, e.state, e.title, e.title_words, e.text"


@dataclass(frozen=True, slots=True)
class Scope:
    """`states` are those of the item that a hit shows."""

    workspace_id: int
    tags: Tags
    states: list[str]
    latest_id: int


async def fitting(db: Connection, query: Query, scope: Scope, *, in_title: bool = False) -> list[Row]:
    """The newest entries that fit, with their `score`; as many as CANDIDATES when there may be more."""
    where = Conditions(scope.workspace_id, scope.states)
    asked = expression(query, GRAMMARS[db.dialect], scope.tags, in_title=in_title)
    if db.dialect is Dialect.POSTGRES:
        expected = await store.expected(db, asked)
        chosen = _newest_on_postgres(where, asked, query, _stretches(scope.latest_id, expected))
    else:
        chosen = _newest_on_sqlite(where, asked, query)
    statement = f"""
        with entries as materialized (
            select {_COLUMNS}, e.state, e.title, e.title_words, {{fold}}(substr(e.text, 1, {LEAD})) as lead
            from ({chosen}) as e
        )
        select {_COLUMNS}, {_score(where, query)} as score from entries e {_SHOWN_ITEM}
    """  # noqa: S608 - all parts are ours; a query's words are parameters
    return await db.fetch(sql(statement), *where.parameters)


async def absent(db: Connection, terms: tuple[Term, ...], scope: Scope) -> list[str]:
    """Those that no entry has."""
    asked = {term: expression(Query((term,)), GRAMMARS[db.dialect], scope.tags) for term in terms}
    if db.dialect is Dialect.POSTGRES:
        asked = {term: each for term, each in asked.items() if await store.expected(db, each) < ENOUGH}
    where = Conditions(scope.workspace_id)
    columns = [_anywhere(db.dialect, where.bind(each)) for each in asked.values()]
    if not columns:
        return []
    named = ", ".join(f"{column} as found{place}" for place, column in enumerate(columns))
    row = await db.fetch_one(sql(f"select {named}"), *where.parameters)
    return [term.surface for place, term in enumerate(asked) if row and not row[f"found{place}"]]


def _anywhere(dialect: Dialect, asked: str) -> str:
    """On Postgres all that fit are counted, and there are few: for the first one alone it would read the table."""
    if dialect is Dialect.POSTGRES:
        entries = f"search_entries e where e.words @@ (select cast({asked} as text)::tsquery)"
        return f"(select count(*) from {entries} and e.workspace_id = $1) > 0"  # noqa: S608
    entries = f"search_index f cross join search_entries e on e.id = f.rowid where f.search_index match {asked}"
    return f"exists (select 1 from {entries} and e.workspace_id = $1)"  # noqa: S608


# What is said about an item shows when the item would, and until it is taken back. Not a join: no look at an item but a
# note's.
_SHOWN_ITEM = """
    where e.state <> '' or (
        (select o.state from search_entries o
         where e.state = '' and o.kind = e.item_kind and o.subject_id = e.item_id) {among} $2 {end_among}
        and (select c.archived_at from comments c where e.kind = 'comment' and c.id = e.subject_id) is null
        and (select w.archived_at from work_logs w where e.kind = 'work_log' and w.id = e.subject_id) is null)
"""


def _newest_on_sqlite(where: Conditions, asked: str, query: Query) -> str:
    return f"""
        select {_CHOSEN} from search_index f cross join search_entries e on e.id = f.rowid
        where f.search_index match {where.bind(asked)} and e.workspace_id = $1 {_phrases(where, query)}
        order by f.rowid desc limit {CANDIDATES}
    """  # noqa: S608


def _newest_on_postgres(where: Conditions, asked: str, query: Query, stretches: Iterable[Stretch]) -> str:
    phrases = _phrases(where, query)
    parts = [
        f"""(select {_CHOSEN} from search_entries e
             where e.words @@ (select cast({where.bind(f"({asked}){stretch}")} as text)::tsquery)
             and e.workspace_id = $1 and e.id + 0 >= {where.bind(low)} and e.id + 0 < {where.bind(high)} {phrases}
             order by -e.id limit {CANDIDATES})"""  # noqa: S608
        for stretch, low, high in stretches
    ]
    return f"select * from ({' union all '.join(parts)}) as newest limit {CANDIDATES}"  # noqa: S608


def _stretches(latest_id: int, expected: int) -> Iterator[Stretch]:
    """From the newest ids to all others, without a gap: as many as should hold enough, then eight times as many.

    Ids are said as `id + 0`, and sorted by `-id`: walking the primary key must not look like the shorter way. Nor
    may reading the table, where the planner knows that a word is common: so the words stand in a subquery.
    """
    high = latest_id + 1
    wanted = ENOUGH * latest_id // max(expected, 1)
    for ids in (wanted, 8 * wanted):
        bits = max((bits for bits in store.STRETCHES if 1 << bits <= ids), default=store.STRETCHES[0])
        newest = latest_id >> bits
        oldest = newest - ids // (1 << bits)
        if oldest < 1 or newest - oldest > MOST_STRETCHES:
            break
        near = " | ".join(f"'~{bits}.{stretch}'" for stretch in range(newest, oldest - 1, -1))
        yield f" & ({near})", oldest << bits, high
        high = oldest << bits
    yield "", 0, high


def _phrases(where: Conditions, query: Query) -> str:
    wanted = [f"and {{find}}({_ALL_TEXT}, {where.bind(phrase)}) > 0" for phrase in query.phrases]
    unwanted = [f"and {{find}}({_ALL_TEXT}, {where.bind(phrase)}) = 0" for phrase in query.excluded_phrases]
    return " ".join([*wanted, *unwanted])


def _score(where: Conditions, query: Query) -> str:
    parts = [part for term in query.terms[:SCORED_TERMS] for part in _of_term(where, term)]
    if len(query.terms) > 1:
        words = " ".join(word for term in query.terms for word in term.options[0])
        said = where.bind(" ".join(term.surface for term in query.terms))
        parts += [
            f"case when {{find}}(e.title_words, {where.bind(f' {words} ')}) > 0 then {TITLE_PHRASE} else 0 end",
            f"case when {{find}}(e.lead, {said}) > 0 then {LEAD_PHRASE} else 0 end",
        ]
    whole = where.bind(" ".join(term.surface for term in query.terms))
    parts.append(f"case when {{fold}}(e.title) = {whole} then {TITLE_IS_IT} else 0 end")
    return " + ".join(parts)


def _of_term(where: Conditions, term: Term) -> Iterator[str]:
    for word, share in _shares(term):
        whole, start = where.bind(f" {word} "), where.bind(f" {word}")
        yield f"""
            case when {{find}}(e.title_words, {whole}) > 0 then {IN_TITLE // share}
                 when {{find}}(e.title_words, {start}) > 0 then {TITLE_BEGINNING // share} else 0 end"""
    surface = f"cast({where.bind(term.nearly[0] if term.nearly else term.surface)} as text)"
    times = f"(length(e.lead) - length(replace(e.lead, {surface}, ''))) / length({surface})"
    yield f"{{least}}({times}, {MOST_IN_LEAD}) * {IN_LEAD}"


def _shares(term: Term) -> Iterator[tuple[str, int]]:
    """Each word that a term may be found by, and among how many the title's points are shared."""
    options = ((term.nearly[0],),) if term.nearly else term.options
    for option in options:
        for word in option:
            yield word, len(option) * len(options)


async def by_key(db: Connection, scope: Scope, keys: list[str]) -> list[Row]:
    """The items of these keys, and the first of those whose keys begin with one of them."""
    where = Conditions(scope.workspace_id, scope.states, keys)
    starts = " or ".join(f"(e.key >= {where.bind(key)} and e.key < {where.bind(key + chr(0x10FFFF))})" for key in keys)
    statement = f"""
        select {_COLUMNS}, case when e.key {{among}} $3 {{end_among}} then {EXACT_KEY} else {KEY_BEGINNING} end as score
        from search_entries e
        where e.workspace_id = $1 and ({starts}) and e.state {{among}} $2 {{end_among}}
        order by length(e.key), e.key limit {{key_limit}}
    """.replace("{key_limit}", "10")  # noqa: S608
    return await db.fetch(sql(statement), *where.parameters)
