"""Texts that are written on the page, in a real Chromium: the editor, what it keeps, and versions of documents."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.server.live import NO_TLS, LiveServer
from tests.web.calls import box, text_of, write
from tests.web.conftest import signed_in
from tests.web.test_journeys import create

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]


def open_editor(page: Page, key: str) -> Locator:
    page.goto(f"/{key}")
    page.get_by_role("button", name="Edit the text").click()
    return page.get_by_label("Text", exact=True)


def test_the_editor_closes_once_mine_was_saved_over_what_somebody_else_wrote(page: Page, server: LiveServer) -> None:
    key = create(server, "Two writers", description="First text")
    open_editor(page, key).fill("My text")
    server.call("update_issue", key=key, description="Their text")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Their text")
    dialog.get_by_role("button", name="Save mine").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Text", exact=True)).to_have_count(0)
    expect(page.locator(".body")).to_contain_text("My text")
    assert server.call("get_item", key=key)["description"] == "My text"


def test_a_document_is_written_with_its_preview_beside_it(page: Page, server: LiveServer) -> None:
    key = write(server, "Guide", "# Begin\n")
    field = open_editor(page, key)
    field.fill("# Begin\n\nWith **care**.")
    preview = page.get_by_label("Preview")
    expect(preview.locator("strong")).to_have_text("care")
    left, right = box(field), box(preview)
    assert left["x"] + left["width"] <= right["x"]
    page.keyboard.press("Control+Enter")
    expect(field).to_have_count(0)
    assert text_of(server, key) == "# Begin\n\nWith **care**."


def test_a_document_longer_than_an_answer_is_shown_and_edited_whole(page: Page, server: LiveServer) -> None:
    long = "".join(f"Part {number}: {'all of it counts. ' * 20}\n\n" for number in range(80))
    key = write(server, "Long", long)
    field = open_editor(page, key)
    expect(field).to_have_value(long)
    field.press("Control+End")
    page.keyboard.insert_text("The end.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(field).to_have_count(0)
    answer = httpx.get(f"{server.url}/v1/documents/text?key={key}", headers=server.headers, verify=NO_TLS)
    assert answer.json()["text"] == long + "The end."


def test_unsaved_text_outlives_a_network_that_fails_and_a_page_that_is_left(page: Page, server: LiveServer) -> None:
    key = write(server, "Fragile", "As it was")
    field = open_editor(page, key)
    leaving = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.evaluate(leaving) is False
    field.fill("Written on a train")
    page.wait_for_function(leaving)
    page.route("**/v1/tools/update_document", lambda route: route.abort())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="does not answer")).to_be_visible()
    expect(field).to_have_value("Written on a train")
    page.get_by_role("link", name="Board").click()
    page.get_by_role("heading", name="Board").wait_for()
    page.go_back()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Written on a train")
    page.unroute("**/v1/tools/update_document")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Text", exact=True)).to_have_count(0)
    assert text_of(server, key) == "Written on a train"
    assert page.evaluate(leaving) is False


def test_text_that_was_kept_does_not_overwrite_what_was_saved_since(page: Page, server: LiveServer) -> None:
    paper, issue = write(server, "Meanwhile", "As it was"), create(server, "Meanwhile", description="As it was")
    for key, tool, name in ((paper, "update_document", "text"), (issue, "update_issue", "description")):
        open_editor(page, key).fill("Begun before")
        page.get_by_role("link", name="Board").click()
        page.get_by_role("heading", name="Board").wait_for()
        server.call(tool, key=key, **{name: "Saved since"})
        page.go_back()
        expect(page.get_by_label("Text", exact=True)).to_have_value("Begun before")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("dialog")).to_contain_text("Saved since")
        page.get_by_role("dialog").get_by_role("button", name="Keep what is there").click()
        expect(page.get_by_label("Text", exact=True)).to_have_count(0)
        assert server.call("get_item", key=key)[name] == "Saved since"


def test_unsaved_text_outlives_the_session_but_not_signing_out(browser: Browser, server: LiveServer) -> None:
    with signed_in(browser, server) as page:  # a session of its own: it is ended
        _write_while_the_session_ends(page, server)


def _write_while_the_session_ends(page: Page, server: LiveServer) -> None:
    key = write(server, "Overnight", "As it was")
    open_editor(page, key).fill("Written before the session ended")
    end = "fetch('/v1/session', {method: 'DELETE', headers: {'Content-Type': 'application/json'}, body: '{}'})"
    page.evaluate(end)
    page.get_by_label("API key").fill(server.key)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Written before the session ended")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Throw away what you wrote").click()
    expect(page.get_by_text("As it was", exact=True)).to_be_visible()
    page.get_by_role("button", name="Edit the text").click()
    page.get_by_label("Text", exact=True).fill("Nobody else may read this")
    page.get_by_role("link", name="Board").click()
    assert "Nobody else" in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("API key").wait_for()
    assert "Nobody else" not in page.evaluate("JSON.stringify([sessionStorage, localStorage])")


def test_a_version_shows_what_it_changed_and_comes_back(page: Page, server: LiveServer) -> None:
    key = write(server, "Rules", "one\ntwo\n")
    server.call("update_document", key=key, text="one\nthree\n", note="two was wrong")
    server.call("update_document", key=key, text="one\nthree\nfour\n")
    page.goto(f"/{key}")
    page.get_by_role("button", name=re.compile("^Version 2 .*two was wrong")).click()
    lines = page.get_by_role("region", name="Changed lines")
    expect(lines.locator("del")).to_have_text(re.compile("two"))
    expect(lines.locator("ins")).to_have_text(re.compile("three"))
    page.get_by_role("button", name="Changed since").click()
    expect(lines.locator("ins")).to_have_text(re.compile("four"))
    page.get_by_role("button", name="Restore version 1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("it was right")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("button", name=re.compile("^Version 4 .*it was right"))).to_be_visible()
    assert text_of(server, key) == "one\ntwo\n"
