"""search: whatever was written is found by its words, the best first, the same on both databases."""

import pytest

from tests.server.harness import Turbo
from tests.server.searching import fill_shop, keys


@pytest.fixture
def shop(turbo: Turbo) -> Turbo:
    return fill_shop(turbo)


def test_titles_come_before_texts(shop: Turbo) -> None:
    assert keys(shop, "session") == ["WEB-1", "WEB-2"]
    assert keys(shop, "shop") == ["WEB"]


def test_all_words_must_stand_there_in_any_order_and_letter_case(shop: Turbo) -> None:
    assert keys(shop, "RESTART login") == ["WEB-1"]
    assert keys(shop, "login cart") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("create_issue", ["WEB-1"]), ("createIssue", ["WEB-1"]), ("createissue", ["WEB-1"]),
        ("create issue", ["WEB-1"]),
        ("httpserver2", ["WEB-5"]), ("HTTPServer", ["WEB-5"]), ("server drops", ["WEB-5"]),
        ("--insecure-storage", ["WEB-5"]), ("insecure storage", ["WEB-5"]), ("turbo_server.kit.runner", ["WEB-5"]),
        ("turbo_server", ["WEB-5"]), ("kit.runner", ["WEB-5"]), ("kit/runner", ["WEB-5"]), ("search.md", ["WEB-5"]),
        ("v1.2.3", ["WEB-5"]), ("v12.3", []), ("C++", ["WEB-5"]), ("c#", ["WEB-5"]), ("C+", ["WEB-5"]),
        ("cafe", ["WEB-3"]), ("CAFÉ", ["WEB-3"]), ("cafe\u0301", ["WEB-3"]), ("naive", ["WEB-3"]), ("gaste", ["WEB-3"]),
        ("fine", ["WEB-3"]),
        ("検索", ["WEB-4"]), ("検", ["WEB-4"]), ("日本", ["WEB-4"]), ("日本語の検索", ["WEB-4"]), ("ソート", ["WEB-4"]),
        ("검색", ["WEB-4"]), ("ไทย", ["WEB-4"]), ("本日", []),
    ],
)  # fmt: skip
def test_code_accents_and_unspaced_scripts_are_found(shop: Turbo, query: str, found: list[str]) -> None:
    assert keys(shop, query) == found


def test_beginnings_of_words_are_found(shop: Turbo) -> None:
    assert keys(shop, "rest") == ["WEB-1"]
    assert keys(shop, "the memo") == ["WEB-1"]  # of a text as well as of a title
    assert keys(shop, "login re") == ["WEB-1"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sesion", "session"), ("ssession", "session"), ("sessoin", "session"), ("logni", "login"), ("cafw", "cafe"),
     ("insecuer storag", "insecure storage")],
)  # fmt: skip
def test_a_slip_of_the_pen_is_corrected_and_said(shop: Turbo, typed: str, meant: str) -> None:
    answer = shop.call("search", query=typed)
    assert answer["items"]
    assert answer["searched_for"] == meant
    assert answer["items"][0]["key"] == shop.call("search", query=meant)["items"][0]["key"]


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ("refunds wrong", "A wrong refund"), ("refund wrong", "Wrong refunds"), ("expire soon", "What expired soon"),
        ("sessions expiry", "When a session expires"), ("expires session", "A session without expiry"),
        ("stopped early", "We stop early"), ("entries wrong", "Wrong entry"), ("Rounding lines", "Round each line"),
    ],
)  # fmt: skip
def test_other_endings_count_when_nothing_was_found(turbo: Turbo, asked: str, stands: str) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    turbo.call("create_issue", project="WEB", title="Unlike", description=stands)
    answer = turbo.call("search", query=asked)
    assert [hit["key"] for hit in answer["items"]] == ["WEB-1"]
    assert answer["searched_for"] == f"{asked.lower()}, with other endings"
    assert "«" in answer["items"][0]["snippet"]


def test_the_words_that_nothing_has_are_named(shop: Turbo) -> None:
    assert shop.call("search", query="login zanzibar quux restarts")["without"] == ["zanzibar", "quux"]
    assert "without" not in shop.call("search", query="login cart")
    assert "without" not in shop.call("search", query="login")
    shop.call("create_project", key="OTHER", name="Other")
    assert shop.call("search", query="login", project="OTHER")["without"] == ["login"]


def test_what_is_near_to_nothing_finds_nothing(shop: Turbo) -> None:
    answer = shop.call("search", query="zebra session")
    assert answer == {"items": [], "total": 0, "without": ["zebra"], "next_cursor": None}


@pytest.mark.parametrize("query", ["WEB-2", "web-2", "web2", "web 2", "#web-2"])
def test_a_key_goes_straight_to_its_item(shop: Turbo, query: str) -> None:
    shop.call("create_issue", project="WEB", title="As in WEB-2, WEB-2 and WEB-2")
    assert keys(shop, query)[0] == "WEB-2"


def test_within_a_project_a_number_is_a_key(shop: Turbo) -> None:
    shop.call("create_project", key="OPS", name="Operations")
    shop.call("create_issue", project="OPS", title="2 disks are full")
    assert keys(shop, "2", project="WEB")[0] == "WEB-2"
    assert keys(shop, "#2", project="WEB")[0] == "WEB-2"
    assert keys(shop, "1", project="OPS") == ["OPS-1"]
    assert keys(shop, "2", project="OPS") == ["OPS-1"]


def test_a_mention_of_a_key_is_found_after_the_item_and_beginnings_of_keys_between(shop: Turbo) -> None:
    for number in range(6, 12):
        shop.call("create_issue", project="WEB", title=f"Number {number}")
    shop.call("add_comment", key="WEB-3", text="The same as WEB-1.")
    assert keys(shop, "WEB-1") == ["WEB-1", "WEB-11", "WEB-10", "WEB-3"]
    assert keys(shop, "WEB-10 number") == ["WEB-10"]


def test_a_mistyped_key_finds_the_project_that_was_meant(shop: Turbo) -> None:
    shop.call("create_project", key="TURBO", name="Shared memory")
    shop.call("create_issue", project="TURBO", title="x")
    answer = shop.call("search", query="TRUBO-1")
    assert [hit["key"] for hit in answer["items"]] == ["TURBO-1"]
    assert answer["searched_for"] == "TURBO-1"


def test_a_projects_key_does_not_find_all_that_is_in_it(shop: Turbo) -> None:
    assert keys(shop, "web") == ["WEB"]


def test_quotes_mean_these_words_in_this_order(shop: Turbo) -> None:
    assert keys(shop, "session the") == ["WEB-1", "WEB-2"]
    assert keys(shop, '"the session"') == ["WEB-1", "WEB-2"]
    assert keys(shop, '"THE  session is"') == ["WEB-2"]
    assert keys(shop, "“forgets the session”") == ["WEB-1"]
    assert keys(shop, '"session the"') == []
    assert keys(shop, '"not closed') == []


def test_a_phrase_goes_on_over_the_end_of_a_line(shop: Turbo) -> None:
    shop.call("create_issue", project="WEB", title="x", description="ends here\n    and goes on")
    assert keys(shop, '"here and goes"') == ["WEB-6"]


def test_minus_leaves_out(shop: Turbo) -> None:
    assert keys(shop, "session -cart") == ["WEB-1"]
    assert keys(shop, 'session -"lost there"') == ["WEB-1"]
    assert keys(shop, "session -create_issue") == ["WEB-2"]


@pytest.mark.parametrize("query", ["!!!", "-session", '""', "()", "-", "*", "&|!", '-"the session"', "…"])
def test_a_query_without_a_word_to_look_for_is_refused(shop: Turbo, query: str) -> None:
    failure = shop.refused("search", query=query)
    assert failure.code == "invalid_arguments"
    assert "no word to look for" in failure.message
    assert "list_issues" in failure.hint


def test_kind_and_project_narrow_it_down(shop: Turbo) -> None:
    shop.call("create_project", key="OPS", name="Operations", description="Who restarts what; the session of a shell")
    shop.call("create_issue", project="OPS", title="A session a day")
    assert keys(shop, "session", project="OPS") == ["OPS-1", "OPS"]
    assert keys(shop, "session", kind="project") == ["OPS"]
    assert keys(shop, "session", kind="issue", project="ops") == ["OPS-1"]
    assert shop.refused("search", query="x", project="NOPE").code == "project_not_found"
    assert "did you mean" in shop.refused("search", query="x", kind="isue").message


def test_status_tells_open_closed_and_archived_apart(shop: Turbo) -> None:
    shop.call("update_issue", key="WEB-1", status="done")
    assert keys(shop, "session") == ["WEB-1", "WEB-2"]
    assert keys(shop, "session", status="open") == ["WEB-2"]
    assert keys(shop, "session", status="closed") == ["WEB-1"]
    assert keys(shop, "session", status="archived") == []
    shop.call("update_issue", key="WEB-1", status="ready")
    assert keys(shop, "session", status="open") == ["WEB-1", "WEB-2"]


def test_what_went_away_with_its_project_is_found_as_archived(shop: Turbo) -> None:
    shop.call("create_project", key="OLD", name="Old shop")
    shop.call("create_issue", project="OLD", title="A session of old")
    shop.call("create_issue", project="OLD", title="Nothing")
    shop.call("add_comment", key="OLD-2", text="until the session ends")
    shop.call("add_comment", key="WEB-3", text="a session, too")
    before = keys(shop, "session")
    shop.call("archive_item", key="OLD")
    assert sorted(keys(shop, "session", status="archived")) == ["OLD-1", "OLD-2"]
    assert keys(shop, "session", status="archived", project="OLD") == keys(shop, "session", status="archived")
    assert keys(shop, "OLD-1", status="archived") == ["OLD-1"]
    assert keys(shop, "WEB-1", status="archived") == []
    assert set(keys(shop, "session")) == set(before) - {"OLD-1", "OLD-2"}
    shop.call("archive_item", key="WEB-1")
    assert sorted(keys(shop, "session", status="archived")) == ["OLD-1", "OLD-2", "WEB-1"]
    assert shop.call("search", query="session", status="archived", limit=1)["total"] == 3
    shop.call("restore_item", key="OLD")
    assert keys(shop, "session", status="archived") == ["WEB-1"]


def test_comments_and_work_logs_show_their_item_and_where_the_hit_is(shop: Turbo) -> None:
    comment = shop.call("add_comment", key="WEB-3", text="Needs kubernetes first.")["id"]
    shop.call("log_work", issue="WEB-2", text="Learned kubernetes.")
    shop.call("log_work", project="WEB", text="Wondered about kubernetes.")
    shop.call("log_work", text="kubernetes, for nobody")
    hits = {hit["key"]: hit for hit in shop.call("search", query="kubernetes")["items"]}
    assert (hits["WEB-3"]["in"], hits["WEB-3"]["id"]) == ("comment", comment)
    assert hits["WEB-3"]["snippet"] == "Needs «kubernetes» first."
    assert hits["WEB-2"]["in"] == "work_log"
    assert hits["WEB"]["in"] == "work_log"
    assert keys(shop, "kubernetes", kind="comment") == ["WEB-3"]
    assert sorted(keys(shop, "kubernetes", kind="work_log")) == ["WEB", "WEB-2"]
    assert keys(shop, "kubernetes", kind="issue", status="open") == ["WEB-2", "WEB-3"]


def test_an_item_stands_there_once_with_its_best_hit(shop: Turbo) -> None:
    shop.call("add_comment", key="WEB-1", text="session session session")
    answer = shop.call("search", query="session")
    assert [hit["key"] for hit in answer["items"]] == ["WEB-1", "WEB-2"]
    assert "in" not in answer["items"][0]
    assert answer["total"] == 2
