"""What a person does on the page, in a real Chromium on a real server."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.server.live import NO_TLS, LiveServer

from .conftest import axe_findings, storage_of

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]
PAGES = (
    "", "issues", "board", "queue", "activity", "initiatives", "milestones", "decisions", "documents", "mentors",
    "machines", "import", "settings",
)  # fmt: skip
ATTEMPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://elsewhere.example/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "<svg onload=alert(1)><style>@import 'https://elsewhere.example/a.css'</style>",
    "<iframe src=https://elsewhere.example></iframe>",
)


def create(server: LiveServer, title: str, **fields: object) -> str:
    return str(server.call("create_issue", project="WEB", title=title, **fields)["key"])


def test_signing_in_leaves_no_key_that_a_script_could_read(page: Page, server: LiveServer) -> None:
    assert server.key not in storage_of(page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("API key").wait_for()
    page.goto("/issues")
    page.get_by_label("API key").wait_for()


def test_a_wrong_key_is_refused_in_words(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("API key").fill("turbo_pat_wrong")
    page.keyboard.press("Enter")
    expect(page.locator("form [role=alert]")).to_contain_text("not valid")


def test_an_issue_is_created_by_keys_alone(page: Page, server: LiveServer) -> None:
    page.goto("/issues")
    page.get_by_role("heading", name="Issues").wait_for()
    page.keyboard.press("c")
    page.get_by_label("Title").wait_for()
    page.keyboard.type("Typed without a mouse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Issues")).to_contain_text("Typed without a mouse")
    found = server.call("list_issues", text="without a mouse")["items"]
    assert [each["title"] for each in found] == ["Typed without a mouse"]


def test_what_an_agent_creates_appears_without_a_reload(page: Page, server: LiveServer) -> None:
    page.goto("/issues")
    create(server, "before")
    expect(page.get_by_role("list", name="Issues")).to_contain_text("before")
    create(server, "Made by an agent meanwhile")
    expect(page.get_by_role("list", name="Issues")).to_contain_text("Made by an agent meanwhile")


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
    group = page.locator("section", has_text="session-")
    group.get_by_role("button", name="Undo session").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("As it should not be")
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(dialog).to_have_count(0)
    item = server.call("get_item", key=key)
    assert (item["title"], item["priority"]) == ("As it was", "low")


def test_axe_finds_nothing_on_any_page(page: Page, server: LiveServer) -> None:
    key = create(server, "Read by everybody", description="# A heading\n\n- text", due="yesterday", labels=["a11y"])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        for path in (*PAGES, key):
            page.goto(f"/{path}")
            page.locator(".bar").wait_for()
            page.wait_for_load_state("networkidle")
            assert axe_findings(page) == [], f"/{path} in {theme}"


def test_no_stored_text_runs_or_asks_anything_elsewhere(page: Page, server: LiveServer) -> None:
    text = "\n\n".join(ATTEMPTS)
    keys = []
    for attempt in ATTEMPTS:
        key = create(server, attempt, description=text, labels=[attempt[:50]], criteria=[attempt])
        server.call("update_issue", key=key, handoff={"state": attempt})
        server.call("add_comment", key=key, text=text)
        server.call("log_work", issue=key, text=text)
        keys.append(key)
    keys.append(str(server.call("create_document", project="WEB", title=ATTEMPTS[0], text=text)["key"]))
    keys.append(str(server.call("create_decision", title=ATTEMPTS[1], context=text, reason=text)["key"]))
    keys.append(str(server.call("ask_mentor", mentor="writing", question=text)["key"]))
    server.call("record_answer", conversation=keys[-1], text=text)
    keys.append(str(server.call("ask_mentor", mentor="writing", question=ATTEMPTS[0])["key"]))
    keys.append(str(server.call("create_mentor", name="bad", role=ATTEMPTS[1], watches=text, instructions=text)["key"]))
    for path in (*PAGES, *keys):
        page.goto(f"/{path}")
        page.locator(".bar").wait_for()
        page.wait_for_load_state("networkidle")
        for tab in page.get_by_role("tab").all():
            tab.click()
        hrefs = page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
        assert not [href for href in hrefs if re.match("javascript:|data:", href or "")]
        assert page.locator(".main iframe, .main script, .main style, .main img").count() == 0
