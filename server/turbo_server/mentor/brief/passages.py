"""The parts of a text that have most to do with a question, as much as there is room for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from turbo_server.kit.text import clip
from turbo_server.search.words import fold

from .question import Word

GAP = " … "
PIECE = 420  # characters of a piece of text that is judged as a whole
LOOKED_AT = 120_000
_PIECES = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*#]|\d+\.)\s)")
_WORDS = re.compile(r"\w+")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+")


@dataclass(frozen=True, slots=True)
class Needles:
    """What to look for. A set of words instead of a pattern: to compile one would cost more than all the looking."""

    words: Mapping[str, float]
    unspaced: Mapping[str, float]  # of scripts that write no blanks: these stand inside of others

    @classmethod
    def of(cls, words: Sequence[Word]) -> Self:
        weights = {form: word.weight for word in reversed(words) for form in word.forms}
        plain = {form: weight for form, weight in weights.items() if form.isascii()}
        return cls(plain, {form: weight for form, weight in weights.items() if form not in plain})

    def worth(self, text: str) -> float:
        """Each different word once."""
        folded = fold(text)
        found = {word.replace("_", "") for word in _WORDS.findall(folded)} & self.words.keys()
        inside = (weight for form, weight in self.unspaced.items() if form in folded)
        return sum(self.words[word] for word in sorted(found)) + sum(inside)


def passage(text: str, needles: Needles, room: int) -> str:
    """The whole text where it fits; else its first words, and the pieces that fit the question best, in their order."""
    text = text.strip()
    if len(text) <= room:
        return text
    pieces = _pieces(text[:LOOKED_AT])
    ranked = sorted(range(len(pieces)), key=lambda place: (-needles.worth(pieces[place]), place))
    chosen: set[int] = set()
    left = room
    for place in ranked:
        cost = len(pieces[place]) + len(GAP)
        if cost <= left:
            chosen.add(place)
            left -= cost
        elif not chosen:
            return clip(pieces[place], room)
        elif left < room // 6:
            break
    return _joined(pieces, sorted(chosen))


def _joined(pieces: Sequence[str], places: Sequence[int]) -> str:
    shown = "" if places[:1] == [0] else GAP.lstrip()
    for before, place in zip([-1, *places], places, strict=False):
        shown += pieces[place] if before < 0 else f"{' ' if before + 1 == place else GAP}{pieces[place]}"
    return shown if places[-1:] == [len(pieces) - 1] else f"{shown}{GAP.rstrip()}"


def _pieces(text: str) -> list[str]:
    """Paragraphs and entries of lists; of a long one its sentences, a few together."""
    found: list[str] = []
    for block in _PIECES.split(text):
        whole = " ".join(block.split())
        if len(whole) <= PIECE:
            found += [whole] if whole else []
            continue
        piece = ""
        for sentence in _SENTENCES.split(whole):
            if piece and len(piece) + len(sentence) > PIECE:
                found.append(piece)
                piece = ""
            piece = f"{piece} {sentence}".strip()
            while len(piece) > PIECE:
                found.append(piece[:PIECE])
                piece = piece[PIECE:]
        if piece:
            found.append(piece)
    return found
