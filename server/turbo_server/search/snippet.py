"""The few words around a hit that show why it is one: hits stand in «», cuts are at the edges of words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from .asking import Query
from .words import fold

ROOM = 104  # bytes of a list row
BEFORE = 24  # characters shown before the first hit
JOINER = "\u200d"


class _Folding(dict[int, str]):
    """One folded character for each, so that places in the text stay what they are."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_FOLDING = _Folding()


def snippet(text: str, query: Query) -> str:
    """Around the spot with most of the query's different words; the beginning of the text when it has none."""
    spans = _hits(text, query)
    start = _best_start(spans)
    begin = _word_start(text, max(0, start - BEFORE)) if start > BEFORE else 0
    marked, end = _marked(text, begin, _joined(text, [span for span in spans if span[0] >= begin]))
    return f"{'…' if begin else ''}{marked}{'…' if end < len(text) else ''}"


def needles(query: Query) -> list[str]:
    """What to look for in a text, longest first."""
    words = {word for term in query.terms for option in term.all_options for word in option}
    return sorted({*words, *(term.surface for term in query.terms)} - {""}, key=lambda word: (-len(word), word))


def _hits(text: str, query: Query) -> list[tuple[int, int, str]]:
    """(start, end, needle) of each place, in order."""
    folded = text.lower() if text.isascii() else text.translate(_FOLDING)
    parts = "|".join(map(re.escape, needles(query)))
    spans = [(match.start(), match.end(), match[1]) for match in re.finditer(rf"(?<![^\W_])({parts})\w*?\b", folded)]
    if not spans:
        spans = [(match.start(), match.end(), match[0]) for match in re.finditer(parts, folded)]
    return spans


def _joined(text: str, spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Hits with only a blank between them are shown as one."""
    start = end = -1
    for begin, finish, _ in spans:
        if start >= 0 and text[end:begin] in ("", " "):
            end = finish
            continue
        if start >= 0:
            yield start, end
        start, end = begin, finish
    if start >= 0:
        yield start, end


def _best_start(spans: list[tuple[int, int, str]]) -> int:
    """The first hit of the stretch that holds most different ones; the earliest wins."""
    best, start = 0, 0
    for index, (place, _, _) in enumerate(spans[:200]):
        within = {needle for begin, end, needle in spans[index : index + 12] if end - place <= ROOM - BEFORE}
        if len(within) > best:
            best, start = len(within), place
    return start


def _marked(text: str, begin: int, spans: Iterable[tuple[int, int]]) -> tuple[str, int]:
    """From `begin` as far as there is room, and where that ends."""
    shown, place, room = "", begin, ROOM - 6
    for start, end in spans:
        piece = text[place:start] + f"«{text[start:end]}»"
        if start < place or _bytes(piece) > room:
            break
        shown, place, room = shown + piece, end, room - _bytes(piece)
    rest = _fitting(text, place, room)
    return shown + text[place:rest], rest


def _fitting(text: str, place: int, room: int) -> int:
    """How far the text goes on within the room, back to the end of a word."""
    end = place
    while end < len(text) and room >= 0:
        room -= _bytes(text[end])
        end += room >= 0
    if end >= len(text):
        return end
    blank = text.rfind(" ", place, end + 1)
    return blank if blank > place else _whole(text, place, end)


def _whole(text: str, place: int, end: int) -> int:
    """Back from inside of what is seen as one character."""
    while place < end < len(text) and _belong_together(text, end):
        end -= 1
    return end


def _belong_together(text: str, place: int) -> bool:
    """The character here and the one before it."""
    here = text[place]
    return bool(unicodedata.combining(here)) or "\ufe00" <= here <= "\ufe0f" or JOINER in text[place - 1 : place + 1]


def _word_start(text: str, place: int) -> int:
    """The beginning of the next word, or of the next character where no blanks are written."""
    blank = text.find(" ", place, place + BEFORE)
    if blank >= 0:
        return blank + 1
    while 0 < place < len(text) and _belong_together(text, place):
        place -= 1
    return place


def _bytes(text: str) -> int:
    """What it takes inside JSON."""
    return sum(2 if sign in '"\\' else 6 if ord(sign) < 32 else len(sign.encode()) for sign in text)
