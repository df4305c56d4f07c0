"""The queue on the page: dragged into order by mouse and by keys, and who holds what; in a real Chromium."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.server.live import NO_TLS, LiveServer

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]


def ask(server: LiveServer, path: str, **query: str) -> Any:
    answer = httpx.get(f"{server.url}{path}", params=query, headers=server.headers, verify=NO_TLS)
    return answer.raise_for_status().json()


def fill(server: LiveServer, project: str, count: int) -> None:
    server.call("create_project", key=project, name=project)
    for number in range(1, count + 1):
        server.call("create_issue", project=project, title=f"number {number}")


def as_agents_see_it(server: LiveServer, project: str) -> list[str]:
    """What sessions get one after the other, and what get_status tells them."""
    answer = server.call("next_issue", project=project)
    head = [answer["issue"]["key"], *(each["key"] for each in answer["then"])]
    listed = [each["key"] for each in server.call("get_status", project=project)["queue"]["items"]]
    assert listed[: len(head)] == head
    assert listed == [each["key"] for each in ask(server, "/v1/queue", project=project)["items"]]
    return listed


def shown(page: Page) -> list[str]:
    keys = page.get_by_role("list", name="Queue", exact=True).locator("[data-key]")
    return [str(key.get_attribute("data-key")) for key in keys.all()]


def opened(page: Page, project: str, count: int) -> None:
    page.goto(f"/queue?project={project}")
    expect(page.get_by_role("button", name="Move ")).to_have_count(count)


def drag(page: Page, key: str, onto: str) -> None:
    grip, target = (page.get_by_role("button", name=f"Move {each}", exact=True).bounding_box() for each in (key, onto))
    assert grip is not None
    assert target is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, grip["y"] + 20, steps=3)
    page.mouse.move(target["x"] + 8, target["y"] + target["height"] / 2, steps=12)
    page.mouse.up()


def test_an_issue_that_is_dragged_stands_there_for_agents_too(page: Page, server: LiveServer) -> None:
    fill(server, "MOUSE", 5)
    opened(page, "MOUSE", 5)
    drag(page, "MOUSE-5", "MOUSE-2")
    expected = ["MOUSE-1", "MOUSE-5", "MOUSE-2", "MOUSE-3", "MOUSE-4"]
    expect(page.get_by_text("MOUSE-1 above it keeps its place by hand now")).to_be_visible()
    assert shown(page) == expected
    assert as_agents_see_it(server, "MOUSE") == expected
    page.reload()
    expect(page.get_by_role("button", name="Move ")).to_have_count(5)
    assert shown(page) == expected


def test_an_issue_is_moved_by_keys_alone(page: Page, server: LiveServer) -> None:
    fill(server, "KEYS", 4)
    opened(page, "KEYS", 4)
    told = page.locator("[id^=DndLiveRegion]")
    page.get_by_role("button", name="Move KEYS-1", exact=True).focus()
    page.keyboard.press("Space")
    expect(told).to_contain_text("KEYS-1 is over place 1 of 4")
    for place in (2, 3):
        page.keyboard.press("ArrowDown")
        expect(told).to_contain_text(f"KEYS-1 is over place {place} of 4")
    page.keyboard.press("Space")
    expect(page.get_by_text("KEYS-2, KEYS-3 above it keep their places")).to_be_visible()
    assert as_agents_see_it(server, "KEYS") == ["KEYS-2", "KEYS-3", "KEYS-1", "KEYS-4"]
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("J")
    expect(page.locator("[data-key]").first).to_have_attribute("data-key", "KEYS-3")
    expect(page.locator('[data-key="KEYS-2"]')).to_have_attribute("data-selected", "true")
    page.wait_for_load_state("networkidle")
    assert as_agents_see_it(server, "KEYS") == ["KEYS-3", "KEYS-2", "KEYS-1", "KEYS-4"]


def test_what_the_server_refuses_goes_back_to_where_it_stood(page: Page, server: LiveServer) -> None:
    fill(server, "STALE", 4)
    opened(page, "STALE", 4)
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
    page.wait_for_load_state("networkidle")
    server.call("update_issue", key="STALE-1", status="done")
    drag(page, "STALE-4", "STALE-2")
    expect(page.get_by_text("STALE-1 is not in your queue any more")).to_be_visible()
    expect(page.get_by_role("button", name="Move ")).to_have_count(3)
    assert shown(page) == ["STALE-2", "STALE-3", "STALE-4"]
    assert as_agents_see_it(server, "STALE") == ["STALE-2", "STALE-3", "STALE-4"]


def test_who_holds_what_is_shown_and_let_go_of(page: Page, server: LiveServer) -> None:
    fill(server, "HELD", 2)
    headers = server.headers | {"Turbo-Session": "5e551011-claims", "Turbo-Machine": "lathe"}
    body = {"project": "HELD", "claim": True}
    answer = httpx.post(f"{server.url}/v1/tools/next_issue", json=body, headers=headers, verify=NO_TLS)
    key = answer.raise_for_status().json()["issue"]["key"]
    page.goto("/queue?project=HELD")
    claims = page.get_by_role("region", name="At work")
    for text in ("ada", "on lathe", "5e551011", key, "until"):
        expect(claims).to_contain_text(text)
    claims.get_by_role("button", name=f"Release {key}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Release")).to_be_disabled()
    dialog.get_by_label("Text", exact=True).fill("The session hangs")
    dialog.get_by_role("button", name="Release").click()
    expect(claims).to_contain_text("No session holds an issue")
    item = server.call("get_item", key=key, include=["comments"])
    assert (item["status"], "assignee" in item) == ("ready", False)
    assert item["latest_comments"][-1]["text"] == "The session hangs"
    assert ask(server, "/v1/claims", project="HELD")["items"] == []
