"""What somebody asks for: a query's words, phrases and exclusions, and how each database is asked for them.

Whatever stands in a query is only text: operators are made here, of words that hold no sign of either language.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from turbo_server.kit.sql import Dialect

from .words import Spelling, spellings

MOST_TERMS = 12
_PIECE = re.compile(r'(?<!\S)(-(?=["\w]))?(?:"([^"]+)"|(\S+))')
_LIKE_A_KEY = re.compile(r"[a-z][a-z0-9]*[0-9]")
_QUOTES = str.maketrans("“”„«»", '"""""')
# All of one alternative must be there; one alternative must.
Options = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """`surface` is as it was written, folded; `nearly` are words taken for it; `endings` those that it begins."""

    surface: str
    options: Options
    nearly: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    is_prefix: bool = False

    @classmethod
    def of(cls, spelling: Spelling) -> Self:
        """Parts stand for the whole only where they say enough: 1, 2 and 3 are everywhere."""
        if not spelling.whole:
            pairs = tuple(piece for piece in spelling.pieces if len(piece) > 1)
            return cls(spelling.surface, (pairs or spelling.pieces,))
        says_enough = bool(spelling.pieces) and all(len(piece) > 1 and piece.isalpha() for piece in spelling.pieces)
        options: Options = ((spelling.whole,), spelling.pieces) if says_enough else ((spelling.whole,),)
        if _LIKE_A_KEY.fullmatch(spelling.whole):
            options = (*options, (KEY + spelling.whole,))
        return cls(spelling.surface, options)

    @property
    def word(self) -> str:
        """The word that a beginning, or a slip, would be a matter of."""
        return self.options[0][-1] if len(self.options[0]) == 1 else ""

    @property
    def all_options(self) -> Options:
        return (*self.options, *((each,) for each in (*self.endings, *self.nearly)))


@dataclass(frozen=True, slots=True)
class Query:
    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()

    @property
    def last(self) -> Term:
        return self.terms[-1]

    def with_last(self, last: Term) -> "Query":
        return replace(self, terms=(*self.terms[:-1], last))


def read_query(text: str) -> Query | None:
    """None when there is no word in it to look for."""
    terms: list[Term] = []
    excluded: list[Term] = []
    phrases: tuple[list[str], list[str]] = ([], [])
    for match in _PIECE.finditer(text.translate(_QUOTES)):
        quoted, words = match[2], [Term.of(spelling) for spelling in spellings(match[2] or match[3])]
        if quoted and words:
            phrases[bool(match[1])].append(" ".join(quoted.lower().split()))
        if not match[1]:
            terms += words
        elif not quoted:
            excluded += words
    if not terms:
        return None
    return Query(tuple(terms[:MOST_TERMS]), tuple(excluded[:MOST_TERMS]), *(tuple(each) for each in phrases))


@dataclass(frozen=True, slots=True)
class Grammar:
    """A full text engine's way to write the same question."""

    all_of: str
    any_of: str
    but_not: str
    quote: str
    beginning: str

    def word(self, word: str, *, is_prefix: bool = False) -> str:
        return f"{self.quote}{word}{self.quote}{self.beginning if is_prefix else ''}"

    def every(self, parts: Iterable[str]) -> str:
        return f"({self.all_of.join(parts)})"

    def some(self, parts: Iterable[str]) -> str:
        return f"({self.any_of.join(parts)})"

    def without(self, wanted: str, unwanted: list[str]) -> str:
        return self.but_not.join([wanted, *unwanted])

    def one_of(self, words: Iterable[str]) -> str:
        return self.some(self.word(word) for word in words)


GRAMMARS = {
    Dialect.POSTGRES: Grammar(" & ", " | ", " & !", "'", ":*"),
    Dialect.SQLITE: Grammar(" AND ", " OR ", " NOT ", '"', " *"),
}
TITLE = "^"  # heads a word that stands in a title
KEY = "#"  # heads an item's own key
TAG = "="  # heads what an entry is, in place of a word: its project, kind, state


@dataclass(frozen=True, slots=True)
class Tags:
    """`wanted` are groups of what an entry must be one of; `unwanted` what it must not be."""

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[str, ...] = ()


def expression(query: Query, grammar: Grammar, tags: Tags, *, in_title: bool = False) -> str:
    """All terms in one place: anywhere in the entry, or in its title."""
    mark = TITLE if in_title else ""
    terms = [_term(term, grammar, mark) for term in query.terms]
    wanted = grammar.every([*terms, *map(grammar.one_of, tags.wanted)])
    unwanted = [*(grammar.one_of([tag]) for tag in tags.unwanted)]
    return grammar.without(wanted, [*unwanted, *(_term(term, grammar, "") for term in query.excluded)])


def _term(term: Term, grammar: Grammar, mark: str) -> str:
    last = term.word
    options = [grammar.every(grammar.word(mark + word) for word in option) for option in term.all_options]
    if term.is_prefix and last:
        options.append(grammar.word(mark + last, is_prefix=True))
    return grammar.some(options)
