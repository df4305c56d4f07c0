"""What a person does on the page, in a real Chromium on a real server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.client.conftest import isolated_environment
from tests.client.session import PROGRAM
from tests.server.live import NO_TLS, LiveServer

from .chromium import DESKTOP, PHONE
from .conftest import Tabs, sign_in, storage_of

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]


def create(server: LiveServer, title: str, **fields: object) -> str:
    return str(server.call("create_issue", project="WEB", title=title, **fields)["key"])


def test_signing_in_leaves_no_key_that_a_script_could_read(door: Page, server: LiveServer) -> None:
    sign_in(door, server.key)
    assert server.key not in storage_of(door)
    door.get_by_role("button", name="Sign out").click()
    door.get_by_label("API key").wait_for()
    door.goto("/issues")
    door.get_by_label("API key").wait_for()


def test_a_wrong_key_is_refused_in_words(door: Page) -> None:
    door.get_by_label("API key").fill("turbo_pat_wrong")
    door.keyboard.press("Enter")
    expect(door.locator("form [role=alert]")).to_contain_text("not valid")


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def sized_page(request: pytest.FixtureRequest, tabs: Tabs) -> Page:
    return tabs.open(request.param)


def test_an_issue_is_created_by_keys_alone(sized_page: Page, server: LiveServer) -> None:
    page, title = sized_page, f"Typed without a mouse at {sized_page.viewport_size}"
    page.goto("/issues")
    page.get_by_role("heading", name="Issues").wait_for()
    page.keyboard.press("c")
    page.get_by_label("Title").wait_for()
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Issues")).to_contain_text(title)
    assert title in [each["title"] for each in server.call("list_issues", text="without a mouse")["items"]]


def test_what_an_agent_creates_over_mcp_appears_without_a_reload(
    page: Page, server: LiveServer, tmp_path: Path
) -> None:
    """The official SDK's client, on a real `turbo-client serve`."""
    page.goto("/issues")
    issues = page.get_by_role("list", name="Issues")
    page.evaluate("window.isTheSamePage = true")
    for title in ("Made by an agent", "Made by it meanwhile"):
        called = over_mcp(server, tmp_path, "create_issue", {"project": "WEB", "title": title})
        assert called["key"].startswith("WEB-")
        expect(issues).to_contain_text(title)
    assert page.evaluate("window.isTheSamePage")


def over_mcp(server: LiveServer, home: Path, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    from mcp import Client, StdioServerParameters  # here: it costs a second

    environment = isolated_environment(home) | {"TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    parameters = StdioServerParameters(command=str(PROGRAM), args=["serve"], env=environment)

    async def call() -> dict[str, Any]:
        async with asyncio.timeout(60), Client(parameters) as client:
            called = await client.call_tool(tool, arguments)
        assert not called.is_error, called.content
        result: dict[str, Any] = called.structured_content
        return result

    with ThreadPoolExecutor(1) as thread:  # of its own: the browser's event loop runs in this one
        return thread.submit(asyncio.run, call()).result()


def test_a_card_that_is_dragged_changes_its_state(page: Page, server: LiveServer) -> None:
    key = create(server, "Drag me", priority="urgent")
    page.goto("/board?text=Drag")
    card, column = page.locator(f'[data-key="{key}"]'), page.locator('[data-status="in_progress"]')
    card.hover()
    page.mouse.down()
    box = column.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 120, steps=8)
    page.mouse.up()
    expect(column.locator(f'[data-key="{key}"]')).to_be_visible()
    page.wait_for_function("() => !document.querySelector('.card.lifted')")
    expect(page.get_by_role("region", name="Ready").locator(f'[data-key="{key}"]')).to_have_count(0)
    assert [each["key"] for each in server.call("list_issues", text="Drag me", status="in_progress")["items"]] == [key]


@pytest.mark.parametrize("has_news", [False, True], ids=["unseen", "seen meanwhile"])
def test_two_who_edit_the_same_title_are_told_and_neither_is_overwritten(
    page: Page, server: LiveServer, has_news: bool
) -> None:
    key = create(server, "First wording")
    page.goto(f"/{key}")
    page.get_by_role("button", name="First wording").click()
    if not has_news:
        page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
    server.call("update_issue", key=key, title="Their wording")
    if has_news:
        page.get_by_role("heading", name="Their wording").wait_for()
    page.get_by_label("Title").fill("My wording")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Their wording")
    assert server.call("get_item", key=key)["title"] == "Their wording"
    dialog.get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("button", name="My wording")).to_be_visible()
    assert server.call("get_item", key=key)["title"] == "My wording"


def test_a_text_that_was_changed_while_it_was_edited_is_not_overwritten(page: Page, server: LiveServer) -> None:
    key = create(server, "Two texts", description="First text")
    page.goto(f"/{key}")
    page.get_by_role("button", name="Edit the text").click()
    page.get_by_label("Text", exact=True).fill("My text")
    server.call("update_issue", key=key, description="Their text", title="Two texts, seen")
    page.get_by_role("button", name="Two texts, seen").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Their text")
    page.get_by_role("dialog").get_by_role("button", name="Keep what is there").click()
    assert server.call("get_item", key=key)["description"] == "Their text"


def test_a_text_too_long_to_be_shown_whole_is_not_edited_in_part(page: Page, server: LiveServer) -> None:
    key = create(server, "Long", description="word " * 20_000)
    page.goto(f"/{key}")
    expect(page.get_by_text("The rest is not shown here")).to_be_visible()
    expect(page.get_by_role("button", name="Edit the text")).to_have_count(0)


def test_a_session_of_an_agent_is_taken_back_as_a_whole(page: Page, server: LiveServer) -> None:
    key = create(server, "As it was", priority="low")
    headers = server.headers | {"Turbo-Session": "session-gone-wrong", "Turbo-Machine": "desk"}
    for change in ({"title": "As it should not be"}, {"priority": "urgent"}):
        url = f"{server.url}/v1/tools/update_issue"
        httpx.post(url, json={"key": key, **change}, headers=headers, verify=NO_TLS).raise_for_status()
    page.goto("/activity")
    group = page.locator("section", has_text="As it should not be")
    group.get_by_role("button", name="Undo session").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("As it should not be")
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(dialog).to_have_count(0)
    item = server.call("get_item", key=key)
    assert (item["title"], item["priority"]) == ("As it was", "low")


def test_on_a_phone_everything_is_within_reach_of_a_thumb(tabs: Tabs, server: LiveServer) -> None:
    page = tabs.open(PHONE, has_touch=True, is_mobile=True)
    key = create(server, "A form for the address", status="ready")
    page.goto(f"/{key}")
    page.get_by_role("button", name="A form for the address").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Pages").tap()
    page.get_by_role("navigation").get_by_role("link", name="Board").tap()
    page.get_by_role("heading", name="Board").wait_for()
    page.get_by_role("region", name="Ready").locator("[data-key]").first.wait_for()
    page.get_by_role("button", name="New issue").tap()
    page.get_by_label("Title").fill("Tapped")
    page.get_by_role("button", name="Create", exact=True).tap()
    expect(page.get_by_role("status").filter(has_text="Created")).to_be_visible()
