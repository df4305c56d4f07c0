"""How what search finds follows what is written, and what a query may hold, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.server.harness import Turbo
from tests.server.searching import fill_shop, keys
from turbo_server.activity.record import revise
from turbo_server.kit.context import Context
from turbo_server.kit.sql import sql


@pytest.fixture
def shop(turbo: Turbo) -> Turbo:
    return fill_shop(turbo)


def test_what_was_changed_is_found_by_its_new_words_only(shop: Turbo) -> None:
    shop.call("update_issue", key="WEB-1", title="Logout works", description="zanzibar", labels=["Red"])
    assert keys(shop, "forgets") == []
    assert keys(shop, "zanzibar") == keys(shop, "logout") == ["WEB-1"]
    assert keys(shop, "red") == ["WEB-1"]
    shop.call("update_issue", key="WEB-1", handoff={"next_step": "ask quentin"}, criteria=["no xylophone"])
    assert keys(shop, "quentin xylophone") == ["WEB-1"]


def test_a_change_that_search_would_not_see_writes_no_entry(shop: Turbo) -> None:
    with shop.counting() as statements:
        shop.call("update_issue", key="WEB-1", priority="high")
    assert [text for text in statements if "search_" in text] == []


def test_an_archived_item_and_what_is_said_on_it_are_left_out(shop: Turbo) -> None:
    """As a change of its state, by whichever verb."""
    shop.call("add_comment", key="WEB-1", text="kubernetes")

    async def archive(db: Any) -> None:
        context = await context_of(shop, db)
        found = await context.find("WEB-1")

        async def wanted(_before: dict[str, Any]) -> dict[str, Any]:
            return {"archived_at": context.now.isoformat(timespec="microseconds")}

        async with db.transaction():
            await revise(context, found, wanted, "archived")

    shop.run(shop.with_database(archive))
    assert keys(shop, "session") == ["WEB-2"]
    assert keys(shop, "kubernetes") == []
    assert keys(shop, "WEB-1") == []
    assert keys(shop, "session", status="archived") == ["WEB-1"]
    assert keys(shop, "kubernetes", status="archived") == ["WEB-1"]


async def context_of(turbo: Turbo, db: Any) -> Any:
    now = datetime.now(UTC)
    actor = await turbo.runner.authenticator.actor(db, turbo.ada.token, turbo.ada.caller, now)
    return Context(db, actor, now, now.date(), timedelta(), None, turbo.runner.kinds)


def test_pages_follow_one_another_without_a_gap(shop: Turbo) -> None:
    for number in range(25):
        shop.call("create_issue", project="WEB", title=f"A page {number % 3}", description="turned " * (number % 4))
    whole = shop.call("search", query="page", limit=100)
    seen: list[str] = []
    cursor = None
    while True:
        page = shop.call("search", query="page", limit=7, cursor=cursor)
        assert page["total"] == 25
        seen += [hit["key"] for hit in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
        shop.call("create_issue", project="WEB", title="Nothing to do with it")
    assert seen == [hit["key"] for hit in whole["items"]]
    assert len(set(seen)) == 25
    other = shop.call("search", query="page", limit=7)["next_cursor"]
    assert shop.refused("search", query="other", cursor=other).code == "invalid_cursor"


def test_a_row_keeps_to_350_bytes_and_says_where_the_hit_is(shop: Turbo) -> None:
    for text in ("漢字" * 150, '"\\' * 150, "word " * 60, "👩‍💻" * 75):
        shop.call("create_issue", project="WEB", title=text[:300], description=f"{text * 20} needle {text * 20}")
        shop.call("add_comment", key="WEB-1", text=f"{text * 20} needle {text * 20}")
    for query in ("needle", "漢", "word"):
        for hit in shop.call("search", query=query)["items"]:
            assert len(json.dumps(hit, ensure_ascii=False, separators=(",", ":")).encode()) <= 350
            assert query != "needle" or "«needle»" in hit["snippet"]


def test_ten_thousand_characters_and_a_needle_at_their_end(shop: Turbo) -> None:
    shop.call("create_issue", project="WEB", title="Long", description="hay " * 50_000 + "needle")
    assert keys(shop, "needle") == ["WEB-6"]
    assert shop.call("search", query="needle")["items"][0]["snippet"].endswith("hay «needle»")


def test_the_largest_text_of_many_different_words_is_taken(shop: Turbo) -> None:
    text = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(87_000))
    shop.call("create_issue", project="WEB", title="Large", description=text)
    assert keys(shop, text[:3]) == ["WEB-6"]


def test_text_of_another_workspace_is_never_found(shop: Turbo) -> None:
    eve = shop.person("eve")
    key_id = 2

    async def elsewhere(db: Any) -> None:
        made = sql("insert into workspaces (name, created_at) values ($1, $2) returning id")
        row = await db.fetch_one(made, "elsewhere", datetime.now(UTC))
        await db.fetch(sql("update accounts set workspace_id = $1 where name = $2 returning id"), row["id"], "eve")
        await db.fetch(sql("update api_keys set workspace_id = $1 where id = $2 returning id"), row["id"], key_id)

    shop.run(shop.with_database(elsewhere))
    eve.call("create_project", key="EVIL", name="Secret zanzibar session")
    assert keys(shop, "zanzibar") == []
    assert keys(shop, "session") == ["WEB-1", "WEB-2"]
    assert "searched_for" not in shop.call("search", query="zanzibra")
    assert [hit["key"] for hit in eve.call("search", query="session")["items"]] == ["EVIL"]
    assert eve.call("search", query="WEB-1")["total"] == 0


@pytest.mark.parametrize("writers", [64])
def test_writers_of_the_same_new_words_do_not_wait_for_each_other_in_a_circle(shop: Turbo, writers: int) -> None:
    words = ["zebra", "yellow", "xenon", "winter", "violet", "umbrella"]
    titles = [" ".join(words[number % 6 :] + words[: number % 6]) for number in range(writers)]
    made = shop.together([("create_issue", {"project": "WEB", "title": title}) for title in titles])
    assert [each for each in made if isinstance(each, Exception)] == []
    assert shop.call("search", query="zebra violet", limit=100)["total"] == writers
    assert shop.call("search", query="zebar")["searched_for"] == "zebra"


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(some.text(some.one_of(some.sampled_from("abe1 -\"'&|!():*^~={}#+.<>\\/%$,;@_«»漢\u0301"), some.characters(
    exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=40))  # fmt: skip
def test_no_query_fails_or_finds_what_it_should_not(shop: Turbo, query: str) -> None:
    answer = shop.ada.answer("search", json.dumps({"query": query}).encode())
    assert answer.status in (200, 422), answer.body
    nonsense = shop.ada.answer("search", json.dumps({"query": f"qqqqqqqqqqqq {query}"}).encode())
    if nonsense.status == 200 and "qqqqqqqqqqqq" not in query:
        assert json.loads(nonsense.body)["total"] == 0, query


@pytest.mark.parametrize("query", [
    "session OR zebra", "session AND NOT login", "NEAR(session login)", "title: session", "session*", "^session",
    "{x}: session",
    "words : session", "'session' | 'x'", "session:*", "session & !login", "=w1", "~10.0", "^login session",
    "search_index match", "$1 {among}", "%s %(x)s", "session\\", "session'; drop table search_entries; --",
])  # fmt: skip
def test_signs_of_a_query_language_are_only_text(shop: Turbo, query: str) -> None:
    found = keys(shop, query)
    assert set(found) <= {"WEB-1", "WEB-2"}
    assert keys(shop, "session") == ["WEB-1", "WEB-2"]


def test_the_number_of_statements_does_not_grow_with_what_is_found(shop: Turbo) -> None:
    with shop.counting() as few:
        shop.call("search", query="session", limit=100)
    for number in range(30):
        shop.call("create_issue", project="WEB", title=f"session {number}")
    with shop.counting() as many:
        shop.call("search", query="session", limit=100)
    assert len(many) <= len(few) <= 9


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_a_write_costs_one_statement_more_once_its_words_are_known(shop: Turbo) -> None:
    shop.call("create_issue", project="WEB", title="Known words")
    with shop.counting() as statements:
        shop.call("create_issue", project="WEB", title="words known")
    assert len([text for text in statements if "search_" in text]) == 1


def test_a_comment_that_was_taken_back_is_found_no_more_and_again_once_it_is_back(shop: Turbo) -> None:
    shop.call("add_comment", key="WEB-1", text="quixotic remark")
    commented = shop.call("get_item", key="WEB-1", include=["history"])["history"][0]["event"]
    assert keys(shop, "quixotic") == ["WEB-1"]
    shop.call("undo", event=commented, confirm=True)
    assert keys(shop, "quixotic") == []
    undone = shop.call("get_item", key="WEB-1", include=["history"])["history"][0]["event"]
    shop.call("undo", event=undone, confirm=True)
    assert keys(shop, "quixotic") == ["WEB-1"]


def test_what_is_in_an_archived_project_is_found_only_within_it(shop: Turbo) -> None:
    shop.call("create_project", key="OLD", name="Old")
    shop.call("create_issue", project="OLD", title="Zeppelin moorings")
    shop.call("archive_item", key="OLD")
    assert keys(shop, "zeppelin") == []
    assert keys(shop, "zeppelin", project="OLD") == ["OLD-1"]


def test_every_kind_of_item_is_found_by_its_text(shop: Turbo) -> None:
    text = "about the flywheel"
    shop.call("create_initiative", project="WEB", title="a", description=text)
    shop.call("create_milestone", project="WEB", title="b", description=text)
    shop.call("create_document", project="WEB", title="c", text=f"# C\n\n{text}")
    shop.call("create_decision", title="d", context=text)
    assert sorted(keys(shop, "flywheel")) == ["DEC-1", "WEB-D1", "WEB-I1", "WEB-M1"]
