"""The tokenizer, the nearest words and the snippets: the parts of search that know no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from turbo_server.search.asking import GRAMMARS, Tags, expression, read_query
from turbo_server.search.near import distance, nearest, traces
from turbo_server.search.snippet import ROOM, snippet
from turbo_server.search.words import LONGEST, fitting, fold, words_of
from turbo_server.search.words import ROOM as WORDS_ROOM

TEXTS = some.text(some.one_of(some.sampled_from("ab C1._-/+#:@'é漢字カナ한ไ\u0301\u200d\U0001f469 \n"), some.characters(
    exclude_categories=["Cs"])), max_size=60)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("create_issue", ["createissue", "create", "issue"]),
        ("createIssue", ["createissue", "create", "issue"]),
        ("HTTPServer2", ["httpserver2", "http", "server", "2"]),
        ("turbo_server.kit.runner", ["turboserverkitrunner", "turboserver", "turbo", "server", "kit", "runner"]),
        ("--insecure-storage", ["insecurestorage", "insecure", "storage"]),
        ("C++, C#.", ["c++", "c", "c#", "c"]),
        ("#42", ["42"]),
        ("v1.2.3", ["v1.2.3", "v1", "v", "1", "2", "3"]),
        ("Straße ÉCOLE ﬁne", ["strasse", "ecole", "fine"]),
        ("日本語", ["日本", "本語", "日", "本", "語"]),
        ("漢", ["漢"]),
        ("हिन्दी", ["हिन्दी"]),
        ("한국어 API", ["한국", "국어", "한", "국", "어", "api"]),
        ("one/two://three", ["onetwo", "one", "two", "three"]),
        ("🚀 up", ["🚀", "up"]),
        ("… !? _ --", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(TEXTS)
def test_a_word_holds_nothing_that_a_query_language_could_read(text: str) -> None:
    for word in words_of(text):
        assert word
        assert len(word) <= LONGEST
        assert not set(word) & set(" '\"\\&|!():*<>^=~\t\n\x00")


@given(TEXTS)
def test_a_text_is_found_by_itself(text: str) -> None:
    """What is asked for with a text's own words stands among what the text is indexed by."""
    query = read_query(text.replace('"', " ").replace("-", " "))
    known = set(words_of(text.replace('"', " ").replace("-", " ")))
    for term in query.terms if query else ():
        assert any(known.issuperset(option) for option in term.options)


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(some.text(max_size=40), some.text(max_size=40))
def test_every_question_is_well_formed(text: str, other: str) -> None:
    query = read_query(f"{text} {other}")
    for grammar in GRAMMARS.values():
        if query:
            asked = expression(query, grammar, Tags((("=w1",),), ("=sarchived",)))
            assert asked.count("(") == asked.count(")")
            assert asked.count(grammar.quote) % 2 == 0
            assert "()" not in asked


def test_an_entry_keeps_the_words_that_it_has_room_for() -> None:
    kept = fitting(f"word{number}" for number in range(100_000))
    assert sum(len(word) + 1 for word in kept) <= WORDS_ROOM
    assert kept[:2] == ["word0", "word1"]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("session", "sesion", 1), ("kitten", "sitting", 3), ("abc", "abc", 0)],
)
def test_distance(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


@given(some.text("abcdefgh", min_size=4, max_size=14), some.data())
def test_a_word_one_slip_away_leaves_a_trace_in_common(word: str, data: some.DataObject) -> None:
    place = data.draw(some.integers(0, len(word) - 1))
    letter = data.draw(some.sampled_from("abcdefgh"))
    for slip in (word[:place] + word[place + 1 :], word[:place] + letter + word[place:],
                 word[:place] + letter + word[place + 1 :]):  # fmt: skip
        assert set(traces(word)) & set(traces(slip))


def test_the_nearest_words_are_those_equally_near() -> None:
    known = ["session", "sessions", "lesson", "mission"]
    assert nearest("sesion", known) == ["session"]
    assert nearest("sesison", known) == ["session"]
    assert nearest("zebra", known) == []


def shown(text: str, query: str) -> str:
    asked = read_query(query)
    assert asked
    return snippet(text, asked)


def test_a_snippet_marks_hits_and_cuts_between_words() -> None:
    assert shown("The session is lost.", "session") == "The «session» is lost."
    assert shown("The create_issue call", "createIssue") == "The «create_issue» call"
    assert shown("Ein Café, ein CAFE", "café") == "Ein «Café», ein «CAFE»"
    text = "one two three four five six " * 9 + "needle " + "seven eight nine ten " * 9
    assert shown(text, "needle").startswith("…")
    assert "«needle» seven" in shown(text, "needle")
    assert shown(text, "needle").endswith("…")
    words = shown(text, "needle").strip("…").replace("«", "").replace("»", "").split()
    assert set(words) <= set(text.split())


def test_a_snippet_shows_the_spot_with_most_of_the_words() -> None:
    text = "login again. " + "filler " * 40 + "the login of a session."
    assert "«login» of a «session»" in shown(text, "session login")


def test_a_text_without_a_hit_is_shown_from_its_beginning() -> None:
    assert shown("Nothing of it here.", "needle") == "Nothing of it here."
    assert shown("", "needle") == ""


def without_marks(text: str) -> str:
    """Six times over, on one line, and without the signs that a snippet adds itself."""
    return " ".join((text.translate({ord(sign): None for sign in "«»…"}) * 6).split())


@given(TEXTS.map(without_marks), some.sampled_from(["ab", "漢", "a b", "1", "字カ"]))
def test_a_snippet_fits_its_row_and_begins_and_ends_with_whole_characters(text: str, query: str) -> None:
    words = shown(text, query)
    assert len(words.encode()) <= ROOM + 2
    bare = words.strip("…").replace("«", "").replace("»", "")
    assert bare in text
    if bare and words.endswith("…"):
        after = {text[place + len(bare) :][:1] for place in range(len(text)) if text.startswith(bare, place)}
        assert after - {"\u0301", "\u200d"}
