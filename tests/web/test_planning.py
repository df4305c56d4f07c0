"""Relations, decisions, goals and the timeline, as a person works with them in a real Chromium."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.server.live import LiveServer
from tests.web.calls import box, decide, write
from tests.web.conftest import axe_findings_in_both_themes
from tests.web.test_journeys import create

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]


def test_relations_are_drawn_and_walked_by_keys_and_are_a_list_too(page: Page, server: LiveServer) -> None:
    first, middle = create(server, "Comes first"), create(server, "In the middle")
    last, part = create(server, "Comes last", blocked_by=[middle]), create(server, "A part", parent=middle)
    server.call("update_issue", key=middle, blocked_by=[first])
    twin = create(server, "Its twin")
    server.call("link_items", **{"from": middle, "type": "duplicates", "to": twin})
    page.goto(f"/{middle}")
    graph = page.get_by_role("group", name=f"What {middle} hangs together with")
    for name in (f"Waits for {first}", f"Blocks {last}", f"Part {part}", f"Duplicates {twin}"):
        expect(graph.get_by_role("link", name=name)).to_be_visible()
    before, after = box(graph.get_by_role("link", name=first)), box(graph.get_by_role("link", name=last))
    assert before["x"] + before["width"] < after["x"]
    page.get_by_role("button", name="List").click()
    expect(page.get_by_role("list", name="Relations")).to_contain_text("Its twin")
    page.get_by_role("button", name="Graph").click()
    graph.get_by_role("link", name=last).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{last}$"))


def test_on_a_phone_the_title_comes_first_and_nothing_is_wider_than_the_screen(page: Page, server: LiveServer) -> None:
    key = create(server, "Read on the way", description="text", blocked_by=[create(server, "Waits on the way")])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/{key}")
    title, fields = page.get_by_role("button", name="Read on the way"), page.get_by_label("Properties")
    expect(title).to_be_visible()
    above, below = box(title), box(fields)
    assert above["y"] < below["y"]
    expect(page.get_by_role("list", name="Relations")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_change_is_taken_back_from_the_history(page: Page, server: LiveServer) -> None:
    key = create(server, "As it was", priority="low")
    server.call("update_issue", key=key, priority="urgent")
    page.goto(f"/{key}")
    page.get_by_role("tab", name="History").click()
    entry = page.get_by_role("listitem").filter(has_text="Priority: low → urgent")
    entry.get_by_role("button", name="Undo").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="Priority: urgent → low")).to_be_visible()
    assert server.call("get_item", key=key)["priority"] == "low"


def test_a_long_history_is_shown_to_its_beginning(page: Page, server: LiveServer) -> None:
    key = create(server, "Often changed")
    for number in range(22):
        server.call("update_issue", key=key, title=f"Name {number}")
    page.goto(f"/{key}")
    page.get_by_role("tab", name="History").click()
    first = page.get_by_role("listitem").filter(has_text="ada created")
    expect(page.get_by_role("listitem").filter(has_text="Name 21")).to_be_visible()
    expect(first).to_have_count(0)
    page.get_by_role("button", name="Show all that happened").click()
    expect(first).to_be_visible()


def test_options_stand_side_by_side_and_the_one_that_is_chosen_says_so(page: Page, server: LiveServer) -> None:
    options = [
        {"title": "Redis", "pros": "- fast", "cons": "- another server"},
        {"title": "Postgres", "pros": "- there"},
    ]
    key = decide(server, "Where sessions live", options=options)
    page.goto(f"/{key}")
    redis, postgres = (
        page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))
        for name in ("Redis", "Postgres")
    )
    expect(redis).to_contain_text("another server")
    one, other = box(redis), box(postgres)
    assert one["y"] == other["y"]
    assert one["x"] < other["x"]
    page.get_by_role("button", name="Decide").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Accept").last).to_be_disabled()
    dialog.get_by_label("Postgres").check()
    dialog.get_by_label("Why").fill("It is there")
    dialog.get_by_role("button", name="Accept").last.click()
    expect(postgres).to_contain_text("Chosen")
    expect(redis).not_to_contain_text("Chosen")
    item = server.call("get_item", key=key)
    assert (item["status"], item["outcome"], item["reason"]) == ("accepted", "Postgres", "It is there")


def test_a_decision_is_superseded_and_its_line_is_walked(page: Page, server: LiveServer) -> None:
    keys = [decide(server, f"{word} way", outcome="x", status="accepted") for word in ("First", "Second", "Third")]
    server.call("update_decision", key=keys[0], superseded_by=keys[1])
    page.goto(f"/{keys[1]}")
    page.get_by_role("button", name="Supersede").click()
    dialog = page.get_by_role("dialog", name="Supersede")
    dialog.get_by_role("button", name="Superseded by").click()
    page.keyboard.type("Third way")
    page.get_by_role("option", name=f"{keys[2]} Third way").click()
    dialog.get_by_role("button", name="Supersede", exact=True).click()
    line = page.get_by_role("navigation", name="Decisions that took each other's place")
    expect(line.get_by_role("link")).to_have_text(
        [re.compile(word) for word in ("First way", "Second way", "Third way")]
    )
    expect(line.get_by_role("link", name="Second way")).to_have_attribute("aria-current", "page")
    for key, place in (("]", keys[2]), ("[", keys[1]), ("[", keys[0])):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"/{place}$"))
        expect(line.locator("[aria-current=page]")).to_contain_text(place)
    assert server.call("get_item", key=keys[1])["superseded_by"] == keys[2]


def test_a_decision_is_reworded_and_reopened_with_a_reason(page: Page, server: LiveServer) -> None:
    key = decide(server, "Too early", outcome="yes", status="accepted")
    page.goto(f"/{key}")
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What asks for it").fill("Somebody asked")
    dialog.get_by_role("button", name="Add an option").click()
    dialog.get_by_label("Option 1", exact=True).fill("Wait")
    dialog.get_by_label("For", exact=True).fill("- we know more then")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Wait")).to_be_visible()
    page.get_by_role("button", name="Reopen").click()
    dialog.get_by_label("Why it is open again").fill("We know more now")
    dialog.get_by_role("button", name="Reopen").click()
    expect(page.get_by_role("button", name="Decide")).to_be_visible()
    item = server.call("get_item", key=key, include=["comments"])
    assert (item["status"], item["description"]) == ("proposed", "Somebody asked")
    assert item["options"] == [{"title": "Wait", "pros": "- we know more then"}]
    assert item["latest_comments"][0]["text"] == "We know more now"


@pytest.mark.parametrize("kind", ["initiative", "milestone"])
def test_a_goal_shows_its_progress_its_burn_up_and_the_same_as_a_table(
    page: Page, server: LiveServer, kind: str
) -> None:
    goal = str(server.call(f"create_{kind}", project="WEB", title=f"Goal {kind}", due="+20d")["key"])
    page.goto(f"/{goal}")
    expect(page.get_by_text("No issue counts toward it yet")).to_be_visible()
    for status in ("done", "in_progress", "backlog", "cancelled"):
        create(server, f"{status} of {goal}", status=status, **{kind: goal})
    expect(page.get_by_role("img", name=f"Burn-up of {goal}: 1 of 3 done")).to_be_visible()
    expect(page.get_by_role("img", name="1 of 3 done", exact=True)).to_be_visible()
    page.get_by_role("button", name="Table").click()
    expect(page.get_by_role("region", name="Burn-up by day").locator("tbody tr td:not(:first-child)")).to_have_text(
        ["3", "1", "2"]
    )


def day(days: int) -> str:
    return str(datetime.now(tz=UTC).date() + timedelta(days=days))


def test_the_timeline_shows_what_has_a_day_and_a_drag_or_the_keys_give_it_another(
    page: Page, server: LiveServer
) -> None:
    server.call("create_project", key="LINE", name="Timeline")
    server.call("create_project", key="ELSE", name="Elsewhere")
    server.call("create_milestone", project="LINE", title="Beta", due=day(10))
    server.call("create_issue", project="LINE", title="Ship it", due=day(4), milestone="LINE-M1")
    server.call("create_issue", project="ELSE", title="Not of this project", due=day(4))
    page.goto("/timeline?project=LINE")
    planned = page.get_by_role("list", name="What is planned")
    expect(planned.get_by_role("listitem")).to_have_text([re.compile("Beta"), re.compile("Ship it")])
    today, handle = page.locator(".weeks .today"), page.get_by_role("button", name="LINE-1 Ship it")
    line, held = box(today), box(handle)
    assert line["x"] < held["x"]
    page.mouse.move(held["x"] + 7, held["y"] + 14)
    page.mouse.down()
    page.mouse.move(held["x"] + 7 + 3 * 15, held["y"] + 14, steps=5)
    page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="LINE-1 is due")).to_be_visible()
    assert server.call("get_item", key="LINE-1")["due"] == day(7)
    page.get_by_role("button", name="LINE-M1 Beta").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("status").filter(has_text="LINE-M1 is due")).to_be_visible()
    assert server.call("get_item", key="LINE-M1")["due"] == day(16)
    page.get_by_role("status").filter(has_text="LINE-M1 is due").get_by_role("button", name="Undo").last.click()
    page.wait_for_function("() => !document.querySelector('[data-busy=true]')")
    page.get_by_role("button", name="Project: LINE").click()
    page.keyboard.type("Timeline")
    page.keyboard.press("Enter")
    expect(planned).to_contain_text("Not of this project")
    page.get_by_role("link", name=re.compile("Ship it")).click()
    expect(page).to_have_url(re.compile("/LINE-1$"))


def test_axe_finds_nothing_where_things_are_planned(page: Page, server: LiveServer) -> None:
    milestone = str(server.call("create_milestone", project="WEB", title="Read by all", due="+9d")["key"])
    issue = create(server, "One of it", milestone=milestone, due="+3d", status="in_progress")
    create(server, "Waits", blocked_by=[issue], due="yesterday")
    options = [{"title": "One", "pros": "a", "cons": "b"}, {"title": "Other"}]
    old, new = (
        decide(server, "Old", outcome="x", status="accepted"),
        decide(server, "New", outcome="One", options=options),
    )
    server.call("update_decision", key=old, superseded_by=new)
    paper = write(server, "Read", "# A heading\n")
    server.call("update_document", key=paper, text="# Another\n")
    ways = {
        "timeline": None, issue: None, milestone: "Table", new: "Decide", paper: "Version 2 ada",
        f"{paper}?": "Edit the text",
    }  # fmt: skip
    for path, button in ways.items():
        page.goto(f"/{path}")
        page.locator(".bar").wait_for()
        page.wait_for_load_state("networkidle")
        if button:
            page.get_by_role("button", name=button).first.click()
            page.wait_for_load_state("networkidle")
        assert axe_findings_in_both_themes(page) == [], path
