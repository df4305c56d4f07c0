"""Filters that stand in the address, and views that keep them; in a real Chromium."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.server.live import NO_TLS, LiveServer

from .conftest import axe_findings, signed_in

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]


@pytest.fixture
def second(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """Another browser, signed in as the same person on a phone."""
    with signed_in(browser, server, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        yield page


def act(server: LiveServer, machine: str, session: str, tool: str, **arguments: object) -> None:
    headers = server.headers | {"Turbo-Session": session, "Turbo-Machine": machine}
    url = f"{server.url}/v1/tools/{tool}"
    httpx.post(url, json=arguments, headers=headers, verify=NO_TLS).raise_for_status()


def save(page: Page, name: str) -> None:
    page.get_by_role("button", name="Save view").click()
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_activity_shows_what_its_address_asks_for(page: Page, server: LiveServer) -> None:
    act(server, "lathe", "session-of-the-lathe", "create_issue", project="WEB", title="Made on the lathe")
    act(server, "drill", "session-of-the-drill", "create_issue", project="WEB", title="Made on the drill")
    page.goto("/activity?machine=lathe&session=session-of-the-lathe&kind=issue&since=today")
    shown = page.locator(".scroll")
    expect(shown).to_contain_text("Made on the lathe")
    expect(shown).not_to_contain_text("Made on the drill")
    expect(page.get_by_role("button", name="Machine: lathe")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(shown).to_contain_text("Made on the drill")
    page.get_by_role("button", name="on drill").first.click()
    expect(page).to_have_url(re.compile(r"/activity\?machine=drill$"))
    expect(shown).not_to_contain_text("Made on the lathe")
    page.goto("/activity?until=2020-01-01")
    expect(shown).to_contain_text("Nothing that fits")


def test_a_saved_view_is_found_in_another_browser(page: Page, second: Page, server: LiveServer) -> None:
    server.call("create_issue", project="WEB", title="Burns", priority="urgent", labels=["fire"])
    page.goto("/issues?priority=urgent&label=fire")
    save(page, "What burns")
    expect(page.get_by_role("navigation").get_by_role("link", name="What burns")).to_have_attribute(
        "aria-current", "page"
    )
    second.reload()
    second.get_by_role("button", name="Pages").click()
    second.get_by_role("link", name="What burns").click()
    expect(second).to_have_url(re.compile(r"/issues\?priority=urgent&label=fire$"))
    expect(second.get_by_role("list", name="Issues")).to_contain_text("Burns")
    page.goto("/")
    page.locator(".bar").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("what burns")
    page.get_by_role("option", name="What burns Issues").wait_for()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/issues\?priority=urgent&label=fire$"))


def test_views_are_renamed_ordered_shared_and_deleted(page: Page, server: LiveServer) -> None:
    for name in ("First", "Second"):
        page.goto(f"/activity?kind=issue&machine={name}")
        save(page, name)
    links = page.locator("nav a[href^='/activity?']")  # by no role: a dialog hides what is behind it
    expect(links).to_have_text(["First", "Second"])
    page.get_by_role("button", name="Change the views").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Move Second").focus()
    page.keyboard.press("Space")
    told = page.locator("[id^=DndLiveRegion]").last
    expect(told).to_have_text(re.compile(r"Second is over place (\d) of \1\."))
    page.keyboard.press("ArrowUp")
    expect(told).to_have_text(re.compile(r"Second is over place (\d) of (?!\1)"))
    page.keyboard.press("Space")
    expect(links).to_have_text(["Second", "First"])
    dialog.get_by_label("Name of First").fill("Renamed")
    page.keyboard.press("Enter")
    expect(links).to_have_text(["Second", "Renamed"])
    dialog.get_by_label("Share Renamed").click()
    expect(dialog.get_by_label("Share Renamed")).to_be_checked()
    assert axe_findings(page) == []
    dialog.get_by_role("button", name="Delete Second").click()
    expect(links).to_have_text(["Renamed"])
    views = httpx.get(f"{server.url}/v1/views", headers=server.headers, verify=NO_TLS).json()["items"]
    assert [(each["name"], each["shared"]) for each in views if each["page"] == "activity"] == [("Renamed", True)]


@pytest.mark.parametrize("path", ["issues?text=Listed", "milestones", "decisions", "documents", "initiatives"])
def test_several_of_a_list_are_changed_by_keys(page: Page, server: LiveServer, path: str) -> None:
    kind = path.partition("?")[0].removesuffix("s")
    wanted = {"issue": "in_review", "milestone": "closed", "decision": "rejected", "document": "published",
              "initiative": "paused"}[kind]  # fmt: skip
    given = {} if kind == "decision" else {"project": "WEB"}
    more = {"text": "x"} if kind == "document" else {}
    keys = [server.call(f"create_{kind}", title=f"Listed {number}", **given, **more)["key"] for number in range(2)]
    page.goto(f"/{path}")
    rows = page.locator("[data-key]", has_text="Listed ")
    expect(rows).to_have_count(2)
    for row in rows.all():
        row.click(modifiers=["Shift"])
    expect(page.get_by_role("group", name="Marked")).to_contain_text("2 ")
    page.keyboard.press("s")
    page.keyboard.type(wanted.replace("_", " "))
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^2 \w+ changed$"))).to_be_visible()
    assert {server.call("get_item", key=key)["status"] for key in keys} == {wanted}
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()


def test_the_sheet_of_keys_tells_what_the_keys_do_here(page: Page) -> None:
    page.goto("/queue")
    page.get_by_role("heading", name="Next").wait_for()
    page.keyboard.press("?")
    here = page.get_by_role("region", name="In this list")
    expect(here).to_contain_text("Move down")
    page.keyboard.press("Escape")
    page.goto("/documents")
    page.get_by_role("heading", name="Documents", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("?")
    expect(here).to_contain_text("Set the status")
    expect(here).not_to_contain_text("Move down")
    expect(here).not_to_contain_text("Set the priority")
