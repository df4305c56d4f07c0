"""What a word is to search: the one tokenizer, for both databases, for what is stored and for what is asked.

Letter case, accents and width fall away. An identifier counts whole, without its separators (createissue for
create_issue, createIssue and create-issue), and in its parts. Scripts that write no blanks between words (Han, Kana,
Hangul, Thai) count by their characters and pairs of characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 64  # characters of a word; what is longer is no word that anybody types
ROOM = 400_000  # bytes of one entry's different words: Postgres takes less than 1 MiB

# Marks that stand in words: accents, and the vowel signs of Hebrew, Arabic, the Indic scripts, Thai to Khmer.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0eff"
    "\u1000-\u109f\u1780-\u17d3"
)
_LETTER = f"[\\w{_MARKS}]"
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_PICTURE = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_JOINT = r"[._\-/\\:@'’]"
# C++ and C# are words; so is a picture. Anything else that is no letter and no digit stands between words.
_CHUNK = re.compile(f"{_LETTER}+(?:{_JOINT}{{1,2}}{_LETTER}+)*(?:(?:\\+\\+|#)(?!{_LETTER}))?|{_PICTURE}")
_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_SEPARATORS = re.compile(f"{_JOINT}+")
_COARSE = re.compile(r"[./\\:@]+")
_HUMPS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NUMBERS = re.compile(r"\d+|\D+")
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as it was written, folded. `whole` is empty where only the pieces count, as in Chinese."""

    surface: str
    whole: str
    pieces: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All that it is found by."""
        return (self.whole, *self.segments, *self.pieces) if self.whole else self.pieces


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def spellings(text: str) -> Iterator[Spelling]:
    """The words of a text, in its order."""
    for chunk in _chunks(text):
        if _is_plain(chunk):
            word = chunk.lower()
            yield Spelling(word, word[:LONGEST])
        else:
            yield from _read(chunk)


def words_of(text: str) -> list[str]:
    """Every word that a text is found by, in its order, repeated as it repeats them."""
    words: list[str] = []
    for chunk in _chunks(text):
        if _is_plain(chunk):
            words.append(chunk.lower()[:LONGEST])
        elif len(chunk) <= LONGEST:
            words += _known(chunk)
        else:
            words += _of(chunk)
    return words


def _chunks(text: str) -> list[str]:
    return _CHUNK.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))


def _is_plain(chunk: str) -> bool:
    return chunk.isalpha() and chunk.isascii() and (chunk.islower() or chunk.istitle())


def _of(chunk: str) -> tuple[str, ...]:
    return tuple(word for spelling in _read(chunk) for word in spelling.words)


# A text repeats its names, and texts each other's: a quarter of the time for a long document.
_known = lru_cache(4096)(_of)


def fitting(words: Iterable[str]) -> list[str]:
    """Each once, the first ones, as many as an entry has room for."""
    room, kept = ROOM, []
    for word in dict.fromkeys(words):
        room -= len(word.encode()) + 1
        if room < 0:
            break
        kept.append(word)
    return kept


def _read(chunk: str) -> Iterator[Spelling]:
    if chunk.isascii():
        if spelling := _identifier(chunk):
            yield spelling
        return
    for match in _RUN.finditer(chunk):
        run = match[0]
        if re.match(f"[{_UNSPACED}]", run):
            yield _unspaced("".join(fold(run).split()))
        elif spelling := _identifier(run):
            yield spelling


def _unspaced(run: str) -> Spelling:
    """Pairs first: they say more than single characters."""
    pairs = [run[index : index + 2] for index in range(len(run) - 1)]
    return Spelling(run, "", tuple(dict.fromkeys([*pairs, *run])))


def _identifier(chunk: str) -> Spelling | None:
    pieces = [part for segment in _SEPARATORS.split(chunk) for part in _parts(segment)]
    suffix = next((sign for sign in ("++", "#") if chunk.endswith(sign) and len(pieces) == 1), "")
    if not pieces:  # a picture, or a letter that no part is made of
        word = fold(chunk).strip("_")
        return Spelling(word, word[:LONGEST]) if word else None
    whole = _together(pieces) + suffix
    parts = tuple(dict.fromkeys(piece[:LONGEST] for piece in pieces)) if len(pieces) > 1 or suffix else ()
    segments = _segments(chunk) if len(pieces) > 2 else ()
    if len(whole) > LONGEST and parts:
        return Spelling(fold(chunk), "", parts)
    return Spelling(fold(chunk), whole[:LONGEST], parts, tuple(each for each in segments if each != whole))


def _parts(segment: str) -> list[str]:
    """Humps are told apart in ASCII only, where code is written."""
    parts = (fold(part) for part in (_HUMPS if segment.isascii() else _NUMBERS).findall(segment))
    return [part for part in parts if part]  # of marks without a letter nothing is left


def _segments(chunk: str) -> tuple[str, ...]:
    """The names along a path: turboserver and runner, of turbo_server.kit.runner."""
    named = [[part for each in _SEPARATORS.split(name) for part in _parts(each)] for name in _COARSE.split(chunk)]
    return tuple(_together(parts)[:LONGEST] for parts in named if len(parts) > 1)


def _together(pieces: list[str]) -> str:
    """Joined, but 1.2 stays different from 12."""
    joined = ""
    for piece in pieces:
        joined += f".{piece}" if joined[-1:].isdigit() and piece[:1].isdigit() else piece
    return joined
