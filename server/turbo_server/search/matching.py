"""From a query to all that fits it: as it stands, then more and more tolerantly while that finds little."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row

from . import store
from .asking import Query, Term
from .candidates import CANDIDATES, Scope, absent, by_key, fitting
from .endings import other_endings
from .near import is_correctable, nearest, traces

FEW = 20  # with as many, or when the last word is a whole one of a title, it is not taken for a beginning in texts
ENDINGS = 8
_KEY = re.compile(r"#?([a-z][a-z0-9]{0,9}?)[\s_#-]{0,2}([imd]?)([1-9][0-9]{0,8})", re.IGNORECASE)
_NUMBER = re.compile(r"#?([imd]?[1-9][0-9]{0,8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Matches:
    """`query` is the one that found them; `searched_for` says it when it is not the one that was asked. `without` are
    the words that stand nowhere."""

    rows: list[Row]
    query: Query
    is_capped: bool = False
    searched_for: str | None = None
    without: tuple[str, ...] = ()


async def matches(context: Context, query: Query, text: str, scope: Scope, project: str | None) -> Matches:
    keys = keys_meant(text, project)
    direct = await by_key(context.db, scope, keys) if keys else []
    is_known, tolerant = (True, query) if keys or query.phrases else await _with_endings(context, query)
    found = await _look(context, tolerant, scope)
    if len(found.rows) < FEW and not is_known and len(tolerant.last.word) > 1:
        found = await _look(context, tolerant.with_last(replace(tolerant.last, is_prefix=True)), scope)
    if not found.rows and not direct and keys:
        return await _key_nearby(context, keys[0], scope) or found
    if not found.rows and not keys:
        return await _otherwise(context, query, scope)
    return replace(found, rows=[*direct, *found.rows])


def keys_meant(text: str, project: str | None) -> list[str]:
    """TURBO-12 for turbo-12, turbo12 and `turbo 12`; within a project also for 12 and #12."""
    if (number := _NUMBER.fullmatch(text.strip())) and project:
        return [f"{project}-{number[1].upper()}"]
    if match := _KEY.fullmatch(text.strip()):
        return [f"{match[1]}-{match[2]}{match[3]}".upper()]
    return []


async def _look(context: Context, query: Query, scope: Scope) -> Matches:
    """Where more fits than is ranked, those with all the words in their title are ranked however old they are."""
    rows = await fitting(context.db, query, scope)
    if len(rows) < CANDIDATES:
        return Matches(rows, query)
    titles = await fitting(context.db, query, scope, in_title=True)
    return Matches([*titles, *rows], query, is_capped=True)


async def _with_endings(context: Context, query: Query) -> tuple[bool, Query]:
    """The last word may be unfinished: words of titles that it begins count as well. And whether it is one itself."""
    word = query.last.word
    if len(word) < 2:
        return False, query
    beginning = await store.beginning_with(context.db, context.actor.workspace_id, word, ENDINGS + 1)
    seen = await _seen(context, beginning)
    known = [each for each in beginning if each in seen]
    endings = tuple(each for each in known if each != word)[:ENDINGS]
    return word in known, query.with_last(replace(query.last, endings=endings))


async def _otherwise(context: Context, query: Query, scope: Scope) -> Matches:
    """For a query that finds nothing: with other endings, then as if mistyped, then the words that stand nowhere."""
    inflected = replace(query, terms=tuple(map(_inflected, query.terms)))
    if inflected != query:
        found = await _look(context, inflected, scope)
        if found.rows:
            return replace(found, searched_for=f"{_said(query)}, with other endings")
    if corrected := await _corrected(context, query):
        found = await _look(context, corrected, scope)
        if found.rows:
            return replace(found, searched_for=_said(corrected))
    return Matches([], query, without=tuple(await absent(context.db, inflected.terms, scope)))


def _inflected(term: Term) -> Term:
    return replace(term, endings=other_endings(term.word))


async def _corrected(context: Context, query: Query) -> Query | None:
    """Each word that no title knows, with the nearest that one does; None when there is nothing to correct."""
    doubtful = [term for term in query.terms if is_correctable(term.word)]
    asked = sorted({trace for term in doubtful for trace in traces(term.word)})
    known = await _traced(context, asked) if asked else set()
    terms = tuple(_nearly(term, known) if term in doubtful else term for term in query.terms)
    return replace(query, terms=terms) if terms != query.terms else None


async def _key_nearby(context: Context, key: str, scope: Scope) -> Matches | None:
    """TURBO-12 for TRUBO-12."""
    project, _, number = key.partition("-")
    asked = Term(project.lower(), ((project.lower(),),))
    near = _nearly(asked, await _traced(context, traces(asked.word))).nearly
    keys = [f"{word.upper()}-{number}" for word in near]
    found = await by_key(context.db, scope, keys) if keys else []
    return Matches(found, Query((asked,)), searched_for=keys[0]) if found else None


async def _traced(context: Context, asked: list[str]) -> set[str]:
    """Words of titles that a mistyped one may have meant."""
    rows = await store.traced(context.db, context.actor.workspace_id, asked)
    return await _seen(context, {row["word"] for row in rows})


async def _seen(context: Context, words: Collection[str]) -> set[str]:
    """Without those that stand in titles only which the caller does not see."""
    if not context.actor.sight.is_limited:
        return set(words)
    return await store.in_titles(context.db, context.actor.workspace_id, sorted(words)) if words else set()


def _nearly(term: Term, known: set[str]) -> Term:
    if term.word in known:
        return term
    left = set(traces(term.word))
    sharing = [word for word in known if left & set(traces(word))]
    return replace(term, nearly=tuple(nearest(term.word, sharing)))


def _said(query: Query) -> str:
    return " ".join(term.nearly[0] if term.nearly else term.surface for term in query.terms)
