"""Markdown split into sections and put together again: no byte is lost, none is added."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turbo_server.document.outline import BEFORE, headings, sections
from turbo_server.document.sections import appended, find_section, label, replaced
from turbo_server.document.types import SectionAmbiguous, SectionNotFound
from turbo_server.kit.errors import InvalidArguments

PIECES = [
    "# One", "## Two ##", "### Three", "#none", "#", "text", "漢字 👩‍💻", "===", "---", "- item", "-", "1. one",
    "2. two", "  # indented", "    # code", "\t# code", "```", "```sh", "~~~", "````", "> # quoted", "<!-- ", "-->",
    "<div>",
    "</div>", "- # in a list", "  # also in it", "", "", "", "[a]: /url", "***", "\ufeff# mark", "a\u2028# b",
    "a\x0c# b",
]  # fmt: skip
ENDINGS = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", ""]
markdown = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(ENDINGS)), max_size=14).map(
    lambda lines: "".join(piece + ending for piece, ending in lines)
)
plain = st.sampled_from(
    ["", "## New\n", "## New\n\nbody", "# New\r\n\r\nbody\r\n", "New\n===\n\n", "# A\n\n## B\n\ntext\n\n"]
)


@given(st.one_of(markdown, st.text()))
@settings(deadline=None, max_examples=400)
def test_sections_joined_are_the_text(text: str) -> None:
    found = sections(text)
    starts = [section.start for section in found] + [len(text)]
    assert "".join(text[begin:end] for begin, end in itertools.pairwise(starts)) == text
    assert all(section.start < section.end for section in found)
    assert len({section.number for section in found}) == len(found)


@given(markdown, st.integers(min_value=0), plain)
@settings(deadline=None, max_examples=400)
def test_replacing_a_section_changes_nothing_else(text: str, pick: int, new: str) -> None:
    found = sections(text)
    if not found:
        return
    section = found[pick % len(found)]
    try:
        after = replaced(text, section, new)
    except InvalidArguments:
        return
    before_it, behind_it = text[: section.start], text[section.end :]
    assert after.startswith(before_it + new)
    assert after.endswith(behind_it)
    added = after[len(before_it + new) : len(after) - len(behind_it)]
    assert added.strip(" \t\r\n") == ""
    kept = [(each.level, each.title) for each in headings(text) if not section.start <= each.start < section.end]
    now = [(each.level, each.title, each.start) for each in headings(after)]
    inside = [each for each in now if len(before_it) <= each[2] < len(after) - len(behind_it)]
    assert [each[:2] for each in now if each not in inside] == kept


@given(markdown, st.integers(min_value=0))
@settings(deadline=None, max_examples=300)
def test_a_section_replaced_by_itself_is_the_same_text(text: str, pick: int) -> None:
    found = sections(text)
    if found:
        section = found[pick % len(found)]
        assert replaced(text, section, text[section.start : section.end]) == text


@given(markdown, st.integers(min_value=0), st.sampled_from(["- more", "more\n", "### Sub\n\ntext\n"]))
@settings(deadline=None, max_examples=300)
def test_appending_only_adds(text: str, pick: int, new: str) -> None:
    found = sections(text)
    section = found[pick % len(found)] if found and pick % 3 else None
    try:
        after = appended(text, section, new)
    except InvalidArguments:
        return
    end = section.end if section else len(text)
    assert after.startswith(text[:end])
    assert after.endswith(text[end:])
    assert after[end : len(after) - len(text[end:])].strip("\r\n") in (new.strip("\n"), new.strip("\r\n \t"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n## B\n## C ##\n# D", ["1 A", "1.1 B", "1.2 C", "2 D"]),
        ("intro\n\n# A\n", ["0", "1 A"]),
        ("no heading at all", ["0"]),
        ("", []),
        ("## Deep first\n# Then top\n### Skips one\n#### Under it\n## Back", [
            "1 Deep first", "2 Then top", "2.1 Skips one", "2.1.1 Under it", "2.2 Back"]),
        ("Title\n=====\n\nSub\n---\ntext\n", ["1 Title", "1.1 Sub"]),
        ("two\nlines\n===\n", ["1 two lines"]),
        ("a paragraph\n\n---\n\nanother\n", ["0"]),
        ("# A\r\ntext\r\n## B\r\n", ["1 A", "1.1 B"]),
        ("#\tTabbed\t\n", ["1 Tabbed"]),
        ("#hashtag\n####### seven\n\\# escaped\n", ["0"]),
        ("   # three blanks\n\n    # four are code\n\n\t# so is a tab\n", ["1 three blanks"]),
        ("```sh\n# comment\n```\n# Real\n", ["0", "1 Real"]),
        ("~~~~\n# a\n~~~\n# b\n~~~~\n# Real\n", ["0", "1 Real"]),
        ("```\n# never closed\n", ["0"]),
        ("``` a`b\n# Real\n", ["0", "1 Real"]),
        ("<!--\n# hidden\n-->\n# Real\n", ["0", "1 Real"]),
        ("<!-- one line -->\n# Real\n", ["0", "1 Real"]),
        ("<details>\n# in HTML\n\n# Real\n", ["0", "1 Real"]),
        ("<pre>\n\n# in it\n</pre>\n# Real\n", ["0", "1 Real"]),
        ("- # an entry's\n  # too\n\n# Real\n", ["0", "1 Real"]),
        ("- ```\n  # comment\n  ```\n\n# Real\n", ["0", "1 Real"]),
        ("> # quoted\n\n# Real\n", ["0", "1 Real"]),
        ("- entry\n---\n# Real\n", ["0", "1 Real"]),
        ("[link]: https://example.org\n---\n# Real\n", ["0", "1 Real"]),
        ("---\ntitle: x\ntags: [a]\n---\n\n# Real\n", ["0", "1 Real"]),
        ("---\n\ntext\n\n---\n# Real\n", ["0", "1 Real"]),
        ("\ufeff# With a mark\n", ["1 With a mark"]),
        ("# A\x0c\u2028# B\n", ["1 A\x0c\u2028# B"]),
        ("#\n\n## ##\n", ["1", "1.1"]),
        ("# A # b ##\n", ["1 A # b"]),
    ],
)  # fmt: skip
def test_what_a_heading_is(text: str, expected: list[str]) -> None:
    assert [label(section) for section in sections(text)] == expected


NAMED = sections("before\n\n# Setup\n\n## Linux\n\n# Use\n\n## Setup\n\n# 1.1\n\n# Über `uns`\n")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("1", "1"), ("2.1", "2.1"), ("2.1.", "2.1"), ("linux", "1.1"), ("## Linux", "1.1"), ("1.1 Linux", "1.1"),
        ("Setup (1)", "1"), ("Setup (2)", "2.1"), ("2.1  setup", "2.1"), ("  USE ", "2"), ("ÜBER `UNS`", "4"),
        ("3 1.1", "3"), ("1.1 (1)", "3"), (BEFORE, BEFORE),
    ],
)  # fmt: skip
def test_a_section_is_found_by_number_title_or_both(name: str, number: str) -> None:
    assert find_section("TURBO-D1", NAMED, name).number == number


def test_a_name_that_could_be_several_sections_is_refused_with_their_names() -> None:
    with pytest.raises(SectionAmbiguous, match="2 sections") as twice:
        find_section("TURBO-D1", NAMED, "Setup")
    assert "'1 Setup', '2.1 Setup'" in twice.value.hint
    with pytest.raises(SectionAmbiguous) as either:
        find_section("TURBO-D1", NAMED, "1.1")
    assert "'1.1 Linux', '3 1.1'" in either.value.hint


@pytest.mark.parametrize("name", ["Stup", "Setup (3)", "7", "", "(2)"])
def test_a_section_that_is_not_there_names_those_that_are(name: str) -> None:
    with pytest.raises(SectionNotFound, match="has no section") as failure:
        find_section("TURBO-D1", NAMED, name)
    assert "Sections: 0, 1 Setup, 1.1 Linux, 2 Use" in failure.value.hint


def test_the_nearest_heading_is_suggested() -> None:
    with pytest.raises(SectionNotFound) as failure:
        find_section("TURBO-D1", NAMED, "Linus")
    assert failure.value.hint.startswith("Did you mean Linux?")


DOCUMENT = "# A\n\nfirst\n\n## B\n\nsecond\n\n# C\nthird"


def test_a_text_without_a_line_end_does_not_run_into_the_next_section() -> None:
    section = find_section("K", sections(DOCUMENT), "B")
    assert replaced(DOCUMENT, section, "## B\n\nnew") == "# A\n\nfirst\n\n## B\n\nnew\n\n# C\nthird"
    windows = DOCUMENT.replace("\n", "\r\n")
    section = find_section("K", sections(windows), "B")
    assert (
        replaced(windows, section, "## B\r\n\r\nnew") == "# A\r\n\r\nfirst\r\n\r\n## B\r\n\r\nnew\r\n\r\n# C\r\nthird"
    )


def test_an_empty_text_takes_the_section_out() -> None:
    assert replaced(DOCUMENT, find_section("K", sections(DOCUMENT), "B"), "") == "# A\n\nfirst\n\n# C\nthird"


def test_what_is_appended_keeps_the_blank_lines_around_it() -> None:
    found = sections(DOCUMENT)
    assert appended(DOCUMENT, find_section("K", found, "B"), "more") == DOCUMENT.replace("# C", "more\n\n# C")
    assert appended(DOCUMENT, find_section("K", found, "C"), "more") == DOCUMENT + "\nmore"
    assert appended(DOCUMENT, None, "more\n") == DOCUMENT + "\nmore\n"
    assert appended("", None, "more") == "more"


@pytest.mark.parametrize("new", ["## B\n\n```\nopen\n", "## B\n\n<!-- open\n", "<div>\n"])
def test_a_text_that_would_swallow_the_next_sections_is_refused(new: str) -> None:
    text = "# A\n\n# B\n\ntext\n# C\n"
    with pytest.raises(InvalidArguments, match="where other sections begin or end"):
        replaced(text, find_section("K", sections(text), "B"), new)


def test_an_underlined_title_does_not_take_the_paragraph_above_with_it() -> None:
    text = "paragraph\n# A\n"
    with pytest.raises(InvalidArguments):
        replaced(text, find_section("K", sections(text), "A"), "Title\n===\n")


@pytest.mark.parametrize(
    "text",
    ["a\n" * 131_072, "# a\n" * 65_536, "#" * 262_144, "<a " + "b " * 131_000, "[a" * 131_072, "a\n---\n" * 43_690,
     "- " * 131_072, "-" * 262_143 + "x", "\n" * 262_144, "x\n" + " " * 262_000 + "\n==="],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
@pytest.mark.timeout(10)
def test_no_text_within_the_limit_takes_long(text: str) -> None:
    for section in sections(text)[-1:]:
        appended(text, section, "more")
