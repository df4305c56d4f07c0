"""The difference of two versions: exact, so that it can be applied, and bounded in time."""

import difflib
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turbo_server.document.diff import unified

lines = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n", " x\n", "-y\n", "漢\n", "\r", "a\u2028\n"]), max_size=30)
texts = st.tuples(lines, st.sampled_from(["", "end", "a"])).map(lambda parts: "".join(parts[0]) + parts[1])
HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def applied(old: str, diff: list[str]) -> str:
    """What `patch` makes of it."""
    source = re.findall(r"[^\n]*\n|[^\n]+", old)
    made: list[str] = []
    at, kept = 0, False
    for line in diff[2:]:
        if match := HUNK.fullmatch(line):
            begin = int(match[1]) - (match[2] != "0")
            made += source[at:begin]
            at = begin
        elif line.startswith("\\"):
            if kept:
                made[-1] = made[-1].removesuffix("\n")
        else:
            kept = line[0] in " +"
            if line[0] in " -":
                assert source[at].removesuffix("\n") == line[1:]
                at += 1
            if kept:
                made.append(line[1:] + "\n")
    return "".join(made + source[at:])


@given(texts, texts)
@settings(deadline=None, max_examples=500)
def test_it_makes_the_second_of_the_first(old: str, new: str) -> None:
    diff = unified(old, new, ("old", "new"))
    assert (diff == []) == (old == new)
    assert applied(old, diff) == new


def test_it_reads_like_everybody_elses() -> None:
    old = "".join(f"line {number}\n" for number in range(40))
    new = old.replace("line 7\n", "line seven\n").replace("line 30\n", "")
    theirs = difflib.unified_diff(old.split("\n")[:-1], new.split("\n")[:-1], "old", "new", lineterm="")
    assert unified(old, new, ("old", "new")) == list(theirs)


def test_a_missing_line_end_is_said() -> None:
    assert unified("a\nb", "a\nb\n", ("1", "2")) == [
        "--- 1", "+++ 2", "@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at end of file", "+b",
    ]  # fmt: skip


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kinds", [2, 50, 3_000])
def test_two_large_texts_that_share_little_take_no_minutes(kinds: int) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    old, new = ("".join(f"{chance.randrange(kinds)}\n" for _ in range(60_000)) for _ in range(2))
    assert applied(old, unified(old, new, ("old", "new"))) == new
