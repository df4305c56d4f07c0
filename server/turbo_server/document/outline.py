"""Splits markdown into its sections without losing a byte, as CommonMark sees headings.

No heading is what stands in a fence, in indented code, in HTML, in a list or in a quotation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import blocks

BEFORE = "0"  # the number of what stands before the first heading


@dataclass(frozen=True, slots=True)
class Heading:
    """`start` is where its first line begins."""

    level: int
    title: str
    start: int


@dataclass(frozen=True, slots=True)
class Section:
    """From its heading to the next one of its level or above: its sub-sections are in it."""

    number: str
    level: int
    title: str
    start: int
    end: int


def sections(text: str) -> list[Section]:
    """In order, each sub-section after its section. What stands before the first heading has level 0 and no title."""
    found = headings(text)
    begin = found[0].start if found else len(text)
    before = [Section(BEFORE, 0, "", 0, begin)] if begin else []
    numbers = list(_numbers(found))
    ends = _ends(found, len(text))
    return before + [
        Section(number, heading.level, heading.title, heading.start, end)
        for heading, number, end in zip(found, numbers, ends, strict=True)
    ]


def _numbers(found: Sequence[Heading]) -> Iterator[str]:
    """By nesting: a heading two levels deeper than the one above it is still its first part."""
    line: list[tuple[int, int]] = []  # (level, number) of the section and those around it
    for heading in found:
        number = 1
        while line and line[-1][0] >= heading.level:
            number = line.pop()[1] + 1
        line.append((heading.level, number))
        yield ".".join(str(each) for _, each in line)


def _ends(found: Sequence[Heading], end: int) -> list[int]:
    ends = [end] * len(found)
    line: list[int] = []
    for index, heading in enumerate(found):
        while line and found[line[-1]].level >= heading.level:
            ends[line.pop()] = heading.start
        line.append(index)
    return ends


@lru_cache(maxsize=4)  # a change splits the text before and after it, and people read section after section
def headings(text: str) -> tuple[Heading, ...]:
    reader = _Reader()
    start = _after_front_matter(text)
    for match in blocks.LINE.finditer(text, start):
        reader.take(match[0].rstrip("\r\n"), match.start())
    return tuple(reader.found)


def _after_front_matter(text: str) -> int:
    """YAML at the very beginning, between two lines of `---`: CommonMark would read it as a heading."""
    first, *rest = list(_first_lines(text, 2))
    if first[1] != "---" or not rest or not blocks.FRONT_MATTER.match(rest[0][1]):
        return 0
    for match in blocks.LINE.finditer(text, rest[0][0]):
        if match[0].rstrip("\r\n \t") in ("---", "..."):
            return match.end()
    return 0


def _first_lines(text: str, count: int) -> list[tuple[int, str]]:
    """(where it begins, the line), a byte order mark aside; at least one."""
    lines = []
    for match in blocks.LINE.finditer(text):
        lines.append((match.start(), match[0].rstrip("\r\n \t").removeprefix("\ufeff")))
        if len(lines) == count:
            break
    return lines or [(0, "")]


class _Reader:
    """Takes line after line and keeps what is open: code, HTML, a paragraph, a list."""

    def __init__(self) -> None:
        self.found: list[Heading] = []
        self._fence: tuple[str, int] | None = None
        self._html: re.Pattern[str] | None = None  # what ends the HTML block that is open
        self._paragraph: list[tuple[int, str]] = []
        self._list: int | None = None  # the column at which the open list's text begins
        self._empty = False  # the list's entry has no text yet: a blank line ends it
        self._lazy = False  # the line before is a paragraph's, inside a list or quotation: plain text goes on with it

    def take(self, line: str, start: int) -> None:
        indent, rest = blocks.indentation(line.removeprefix("\ufeff") if start == 0 else line)
        if self._fence is not None:
            if rest and blocks.closes_fence(self._fence, indent, rest):
                self._fence = None
        elif self._html is not None:
            if self._html.search(rest):
                self._html = None
        elif not rest:
            self._blank()
        elif self._list is not None and indent >= self._list:
            self._lazy, self._empty = _is_plain(rest), False
        else:
            self._outside(indent, rest, start)

    def _blank(self) -> None:
        self._paragraph, self._lazy = [], False
        if self._empty:
            self._list, self._empty = None, False

    def _outside(self, indent: int, rest: str, start: int) -> None:
        """A line of no list."""
        if indent >= 4:
            if self._paragraph:
                self._paragraph.append((start, rest))
            elif not self._lazy:
                self._list = None
            return
        if rest[0] in blocks.MARKS and (
            self._heading(rest, start) or self._begins_block(rest) or self._begins_container(indent, rest)
        ):
            self._paragraph = []
        elif not self._lazy:
            self._list = None
            self._paragraph.append((start, rest))

    def _heading(self, rest: str, start: int) -> bool:
        if rest[0] == "#" and (heading := blocks.atx_heading(rest)):
            self.found.append(Heading(*heading, start))
        elif self._paragraph and rest[0] in "=-" and (level := blocks.underline_level(rest)):
            lines = _without_definitions(self._paragraph)
            if not lines:
                return False
            self.found.append(Heading(level, " ".join(text.strip(" \t") for _, text in lines), lines[0][0]))
        else:
            return False
        self._list, self._lazy = None, False
        return True

    def _begins_block(self, rest: str) -> bool:
        """Code, HTML, or a rule."""
        self_contained = rest[0] in "`~<*-_" and (
            self._begins_fence(rest) or self._begins_html(rest) or blocks.is_rule(rest)
        )
        if self_contained:
            self._list, self._lazy = None, False
        return self_contained

    def _begins_fence(self, rest: str) -> bool:
        self._fence = blocks.fence_of(rest)
        return self._fence is not None

    def _begins_html(self, rest: str) -> bool:
        if rest[0] != "<":
            return False
        for begin, end in blocks.HTML_BLOCKS:
            if match := begin.match(rest):
                # `<!-->` ends where it begins; any other start cannot hold its own end.
                is_over = end.search(rest, 2 if match[0] == "<!--" else match.end())
                self._html = None if is_over else end
                return True
        if not self._paragraph and not self._lazy and blocks.ONE_TAG.match(rest):
            self._html = blocks.BLANK
            return True
        return False

    def _begins_container(self, indent: int, rest: str) -> bool:
        """A list's entry, or a quotation."""
        if rest[0] == ">":
            self._list, self._lazy = None, _is_plain(rest[1:].lstrip(" \t>"))
            return True
        marker = blocks.MARKER.match(rest) if rest[0] in "-+*0123456789" else None
        if marker is None or (self._paragraph and not _may_interrupt(rest, marker)):
            return False
        self._list = blocks.content_column(indent, rest, marker)
        content = rest[marker.end() :].lstrip(" \t")
        self._lazy, self._empty = _is_plain(content), not content
        return True


def _is_plain(content: str) -> bool:
    """Text of a paragraph, which the next line may go on with."""
    return bool(content) and content[0] not in "#`~<" and not blocks.is_rule(content)


def _may_interrupt(rest: str, marker: re.Match[str]) -> bool:
    """A paragraph goes on where an entry is empty or its number is not 1."""
    return bool(rest[marker.end() :].strip(" \t")) and marker[2] in (None, "1")


def _without_definitions(paragraph: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """What is left of a paragraph whose first lines say where links lead."""
    index = 0
    while index < len(paragraph) and blocks.DEFINITION.match(paragraph[index][1]):
        index += 1
    return paragraph[index:]
