"""What a question is about: its words without those that every question has, each with its other endings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from turbo_server.kit.sql import Dialect
from turbo_server.search.asking import GRAMMARS, TAG, Query, Tags, Term, expression
from turbo_server.search.endings import other_endings
from turbo_server.search.words import spellings

MOST_WORDS = 14
BESIDE = 6  # words taken from the title of what the question is about
BESIDE_WEIGHT = 0.4
IN_TITLE = 1.2  # beside what the word is worth anywhere
PAIR = 0.5
_COMMON = frozenset(
    """
    a about above actually after again all almost already also although always am an and another any anybody anyone
    anything are around as ask at back be because been before being best better between both but by can cannot come
    could did do does doing done down each either else enough even ever every everything exactly few find first for
    from further get give go going good got had happen happened happens has have having he help her here him his how
    however i if in into is isn it its just keep know last least less let like likely long look made make makes many
    may maybe me mean might mine more most much must my need needs never new next no none nor not nothing now of off
    often ok on once one only or other our out over own people person please possible put quite rather really right
    said same say see seem seen several shall she should show since so some somebody someone something soon still
    such sure take than that the their them then there these they thing things think this those though through till
    to today together told too try under until up upon us use used using very want was way we well were what when
    where whether which while who whole whom whose why will with within without won would yes yet you your
    """.split()  # noqa: SIM905 - in a list they would fill four pages
)


@dataclass(frozen=True, slots=True)
class Word:
    """`weight` is 1 for a word of the question itself."""

    term: Term
    weight: float

    @property
    def forms(self) -> tuple[str, ...]:
        """All that it may stand in a text as, the longest first."""
        found = {self.term.surface, *(word for option in self.term.all_options for word in option)}
        return tuple(sorted((form for form in found if form.isalnum()), key=lambda form: (-len(form), form)))


def words_of(question: str, key: str = "", beside: str = "") -> tuple[Word, ...]:
    """`key` and `beside` are key and title of what the question is about: what names it has to do with it."""
    asked = _words(f"{key} {question}", 1.0)[:MOST_WORDS]
    known = {word.term.surface for word in asked}
    others = [word for word in _words(beside, BESIDE_WEIGHT) if word.term.surface not in known]
    return (*asked, *others[:BESIDE])


def _words(text: str, weight: float) -> tuple[Word, ...]:
    """Identifiers first, then the long ones: a long question has more words than are looked for."""
    terms = {term.surface: term for term in _terms(text)}
    chosen = sorted(terms.values(), key=lambda term: (term.surface.isalpha(), -len(term.surface)))
    return tuple(Word(term, weight) for term in chosen)


def _terms(text: str) -> Iterable[Term]:
    for spelling in spellings(text):
        if spelling.surface in _COMMON or len(spelling.surface) < 2:
            continue
        term = Term.of(spelling)
        if spelling.whole:
            yield replace(term, endings=other_endings(term.word))
        else:  # of a script without blanks: each two signs of the run, which nobody has parted into words
            yield from (Term(pair, ((pair,),)) for pair in term.options[0])


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question to the index: which of the words it asks for, and what finding it is worth."""

    words: tuple[int, ...]
    worth: float
    asked: str


def lookups(words: tuple[Word, ...], dialect: Dialect, workspace_id: int | None) -> list[Lookup]:
    """Each word anywhere, and in titles, and each two that stand next to each other among the words.

    `workspace_id` is None where there is only one: a mark that every entry has is the dearest to ask for.
    """
    tags = Tags(((f"{TAG}w{workspace_id}",),) if workspace_id is not None else ())
    grammar = GRAMMARS[dialect]
    found = []
    for place, word in enumerate(words):
        query = Query((word.term,))
        found.append(Lookup((place,), word.weight, expression(query, grammar, tags)))
        found.append(Lookup((place,), word.weight * IN_TITLE, expression(query, grammar, tags, in_title=True)))
    for place in range(len(words) - 1):
        one, other = words[place], words[place + 1]
        asked = expression(Query((one.term, other.term)), grammar, tags)
        found.append(Lookup((place, place + 1), PAIR * min(one.weight, other.weight), asked))
    return found
