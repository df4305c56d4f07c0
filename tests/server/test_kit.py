"""The parts that other tests reach only by luck: dates, hidden characters, clipping, settings, key texts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turbo_server.account.token import ALPHABET, is_well_formed, mint
from turbo_server.kit.dates import read_date
from turbo_server.kit.errors import slips_between
from turbo_server.kit.text import clip_bytes
from turbo_server.kit.visible import visible
from turbo_server.settings import BadSettings, read_settings

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 23)),
        ("Tomorrow", date(2026, 11, 24)),
        ("yesterday", date(2026, 11, 22)),
        ("+3d", date(2026, 11, 26)),
        ("+2w", date(2026, 12, 7)),
        ("friday", date(2026, 11, 27)),
        ("Mon", date(2026, 11, 30)),
        (" 2026-12-31 ", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("1. 2. 2027", date(2027, 2, 1)),
        ("2026/12/31", date(2026, 12, 31)),
        ("+2m", date(2027, 1, 23)),
        ("+1 month", date(2026, 12, 23)),
        ("+2 weeks", date(2026, 12, 7)),
        ("+3m", date(2027, 2, 23)),
        ("12/31/2026", None),
        ("next week", None),
        ("t", None),
        ("tu", None),
        ("2026-02-29", None),
        ("+99999d", None),
    ],
)
def test_dates_are_read_as_people_say_them(text: str, day: date | None) -> None:
    assert read_date(text, MONDAY) == day


def test_a_month_later_is_never_in_the_month_after() -> None:
    assert read_date("+1m", date(2026, 1, 31)) == date(2026, 2, 28)
    assert read_date("+9999m", date(9500, 1, 1)) is None


@pytest.mark.parametrize(
    "kept",
    [
        "👩‍👩‍👧",
        "❤️",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "می‌خواهم",
        "क्‍ष",
        "1️⃣",
        "👩🏽‍💻",
        "☺︎",
        "日本語",
        "עברית",
        "葛󠄀",
        "0\ufe00",
        "\u2229\ufe00",
        "\u1820\u180b",
        "\u0d4d\u200d",
        "❤️‍🔥",
    ],
)
def test_characters_that_belong_to_a_sequence_stay(kept: str) -> None:
    assert visible(kept) == kept


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\u200bb", "ab"),
        ("a\u200db", "ab"),
        ("a\u202eb\u202c", "ab"),
        ("\u2066x\u2069", "x"),
        ("\ufeffx", "x"),
        ("x\U000e0041\U000e0042", "x"),
        ("a\ufe0f\ufe0e\ufe01", "a"),
        ("so\u00adft", "soft"),
        ("\u3164x\u2060\u2063", "x"),
        ("\U0001f3f4\U000e0041", "\U0001f3f4"),
        ("e\u200d\u200d👍", "e👍"),
        ("a\ufe0f\u200d👍", "a👍"),
        ("é\U000e0141\ufe07", "é"),
        ("葛\U000e0100\U000e0101", "葛\U000e0100"),
        ("x\U0001d173\U0001bca0\ufff0", "x"),
        ("👩\u200b\u200d💻", "👩\u200d💻"),
        ("ک\u200c\u200cب", "ک\u200cب"),
    ],
)
def test_hiding_places_are_removed(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown


@given(st.text())
def test_showing_twice_removes_nothing_more(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(), st.integers(min_value=4, max_value=60))
def test_clipped_text_fits_and_is_the_beginning(text: str, limit: int) -> None:
    import json

    shown = clip_bytes(text.replace("\ud800", ""), limit)
    assert len(json.dumps(shown, ensure_ascii=False).encode()) - 2 <= limit
    assert text.startswith(shown.removesuffix("…")) or shown == text


def test_minted_keys_are_well_formed_and_differ() -> None:
    keys = {mint() for _ in range(50)}
    assert len(keys) == 50
    assert all(is_well_formed(key) and len(key) == 56 for key in keys)


def test_any_single_wrong_character_is_noticed() -> None:
    key = mint()
    for position in range(len(key)):
        other = ALPHABET[(ALPHABET.find(key[position]) + 1) % len(ALPHABET)]
        assert not is_well_formed(key[:position] + other + key[position + 1 :])


@pytest.mark.parametrize("text", ["", "turbo_pat_", "x" * 56, "turbo_pat_" + "é" * 46, "turbo_pat_" + "0" * 46])
def test_garbage_is_no_key(text: str) -> None:
    assert not is_well_formed(text)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must be"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL must be"),
        ({"TURBO_ENVIRONMENT": "prod"}, "development or production"),
        ({"TURBO_ENVIRONMENT": "production"}, "DATABASE_URL is not set"),
        ({"API_PORT": "http"}, "API_PORT"),
        ({"API_PORT": "70000"}, "API_PORT"),
        ({"TURBO_API_KEY": "secret-word"}, "turbo-server keys generate"),
    ],
)
def test_a_setting_that_cannot_work_is_named_without_its_secret(environment: dict[str, str], words: str) -> None:
    with pytest.raises(BadSettings, match=words) as failure:
        read_settings(environment)
    assert "secret-word" not in str(failure.value)


def test_settings_show_no_secret_in_their_repr() -> None:
    key = mint()
    settings = read_settings(
        {"DATABASE_URL": "postgres://u:hunter2@h/d", "TURBO_API_KEY": key, "TURBO_KEY_PEPPER": "salt"}
    )
    assert not any(secret in repr(settings) for secret in ("hunter2", key, "salt"))


def test_an_unexpanded_variable_counts_as_unset() -> None:
    assert read_settings({"TURBO_API_KEY": "${TURBO_API_KEY}", "API_HOST": " "}).api_key is None


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("titel", "title", 1), ("wbe", "web", 1), ("kitten", "sitting", 3), ("", "ab", 2), ("abc", "abc", 0)],
)
def test_swapped_neighbours_are_one_slip(one: str, other: str, distance: int) -> None:
    assert slips_between(one, other) == slips_between(other, one) == distance
