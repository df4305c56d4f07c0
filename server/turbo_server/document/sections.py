"""Finds a section by what people call it, and puts text in its place or at its end: every other byte stays."""

import re
from collections.abc import Iterator
from dataclasses import replace

from turbo_server.kit.errors import InvalidArguments

from . import blocks
from .outline import BEFORE, Section, headings
from .types import SectionAmbiguous, SectionNotFound

_MARKS = re.compile(r"^#{1,6}(?=\s)")  # a heading may be named as it is written
_ORDINAL = re.compile(r"(.*\S)\s+\(([1-9][0-9]{0,5})\)", re.DOTALL)


def find_section(key: str, found: list[Section], name: str) -> Section:
    """By number, by title, or as `2.1 Title`; `Title (2)` is the second of that title.

    Raises SectionNotFound with the nearest ones, and SectionAmbiguous for a name that could mean several.
    """
    word = _folded(_MARKS.sub("", name.strip()))
    if exact := [each for each in found if word.startswith(each.number) and _folded(label(each)) == word]:
        return exact[0]
    numbered = [section for section in found if section.number == word.rstrip(".")]
    titled = [section for section in found if section.number != BEFORE and _folded(section.title) == word]
    choices = {section.start: section for section in (*numbered, *titled, *_by_ordinal(found, word))}
    if not choices:
        raise SectionNotFound(key, name, [label(section) for section in found])
    if len(choices) > 1:
        raise SectionAmbiguous(name, [label(section) for section in choices.values()])
    return next(iter(choices.values()))


def label(section: Section) -> str:
    return f"{section.number} {section.title}".rstrip()


def _by_ordinal(found: list[Section], word: str) -> Iterator[Section]:
    if match := _ORDINAL.fullmatch(word):
        same = [section for section in found if section.number != BEFORE and _folded(section.title) == match[1]]
        yield from same[int(match[2]) - 1 : int(match[2])]


def _folded(name: str) -> str:
    """As names are compared: in any letter case, with any blanks."""
    return " ".join(name.casefold().split())


def replaced(text: str, section: Section, new: str) -> str:
    """The text with `new` as that section, heading included.

    The blank lines before the next section stay, unless nothing is put in the place. Raises InvalidArguments.
    """
    rest = text[section.end :]
    if new and rest:
        new = _set_off(new, text, section)
    return _checked(text, section, text[: section.start] + new + rest)


def appended(text: str, section: Section | None, new: str) -> str:
    """The text with `new` on a line of its own at the end of the section, or of everything. Raises InvalidArguments."""
    if not new or not text:
        return text + new
    if section is None:
        return _whole_lines(text, text) + new
    head, rest = text[: section.end], text[section.end :]
    if rest:
        new = _set_off(new, text, section)
    return _checked(text, section, _whole_lines(head, text) + new + rest)


def _set_off(new: str, text: str, section: Section) -> str:
    """In whole lines, and with the blank lines that stood at the section's end where it has none of its own."""
    own = text[section.start : section.end]
    lines = _whole_lines(new, own)
    return lines if _gap(lines) else lines + _gap(own)


def _checked(before: str, section: Section, after: str) -> str:
    """Raises InvalidArguments where other sections would begin or end elsewhere than they did."""
    moved = len(after) - len(before)
    old, now = headings(before), headings(after)
    above = tuple(each for each in old if each.start < section.start)
    below = tuple(replace(each, start=each.start + moved) for each in old if each.start >= section.end)
    inside = now[len(above) : len(now) - len(below)]
    is_kept = now[: len(above)] == above and now[len(now) - len(below) :] == below
    if not is_kept or any(each.start < section.start for each in inside):
        raise _swallows(section)
    return after


def _swallows(section: Section) -> InvalidArguments:
    return InvalidArguments(
        f"update_document: this `text` in section {section.number} would move where other sections begin or end.",
        "Close code fences and HTML comments in it, begin it with a heading; or give the whole text without section.",
    )


def _whole_lines(text: str, document: str) -> str:
    """With a line ending of the document's kind, where the last line has none."""
    return text if text.endswith(("\n", "\r")) else text + _line_ending(document)


def _line_ending(text: str) -> str:
    first = blocks.LINE.search(text)
    ending = first[0][len(first[0].rstrip("\r\n")) :] if first else ""
    return ending or "\n"


def _gap(text: str) -> str:
    """The blank lines at its end."""
    tail = text[len(text.rstrip(" \t\r\n")) :]
    return "".join(match[0] for match in list(blocks.LINE.finditer(tail))[1 if len(tail) < len(text) else 0 :])
