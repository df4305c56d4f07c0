"""A long conversation in short keeps every key, each question, and how its answers begin."""

from typing import Any

import pytest

from turbo_server.mentor.conversation.digest import digest
from turbo_server.mentor.conversation.turns import title_of
from turbo_server.mentor.keys import keys_in


def turns(count: int, *, words: int = 80) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "question": f"What about part {number}? " + "detail " * words,
            "answer": f"It stands in DEC-{number}. It must hold. " + "word " * words + f"See A{number % 9}B-I{number}.",
        }
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("room", [200, 1_000, 3_000, 20_000])
@pytest.mark.parametrize("count", [1, 3, 30, 200])
def test_no_key_is_lost_at_any_length(count: int, room: int) -> None:
    made = turns(count)
    text = digest(made, room)
    keys = keys_in(*(turn[name] for turn in made for name in ("question", "answer")))
    assert [key for key in keys if key not in keys_in(text)] == []
    assert len(text) <= max(room, len(f"{count} turns about {', '.join(keys)}"))


def test_it_says_more_where_there_is_more_room() -> None:
    made = turns(3)
    lengths = [len(digest(made, room)) for room in (300, 600, 2_000, 20_000)]
    assert lengths == sorted(lengths)
    long = digest(made, 20_000)
    assert long.splitlines()[1].startswith("2. What about part 2? detail")
    assert "It stands in DEC-2. It must hold." in long


def test_an_unanswered_question_stands_in_it() -> None:
    assert digest([{"number": 4, "question": "And\nnow?", "answer": None}], 500) == "4. And now?"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("DEC-4, TURBO-12 and TURBO-I2.", ["DEC-4", "TURBO-12", "TURBO-I2"]),
        ("see (WEB-D7)/WEB-M3; WEB-D7 again", ["WEB-D7", "WEB-M3"]),
        ("web-7, X-1, WEB-0, WEB-7a, WEB-7-rc, _WEB-7, AWEB-", []),
        ("漢字DEC-4漢字", ["DEC-4"]),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, keys: list[str]) -> None:
    assert keys_in(text) == keys


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Why? Because.", "Why?"),
        ("Use v1.2 or\n v2.0 here", "Use v1.2 or v2.0 here"),
        ("x" * 300, "x" * 99 + "…"),
        ("  Two.  Sentences. ", "Two."),
    ],
)  # fmt: skip
def test_a_title_is_the_first_sentence(question: str, title: str) -> None:
    assert title_of(question) == title
