"""Mentors on a server without a key of Anthropic's, and for somebody whose own key only reads."""

from dataclasses import replace

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.server.live import NO_TLS, LiveServer

from .conftest import signed_in

pytestmark = [pytest.mark.web, pytest.mark.timeout(180)]


def test_without_a_key_the_page_tells_how_claude_code_answers(browser: Browser, server: LiveServer) -> None:
    key = server.call("create_issue", project="WEB", title="Ask me")["key"]
    with signed_in(browser, server) as page:
        page.goto("/mentors")
        expect(page.get_by_text("This server has no key")).to_have_count(2)
        expect(page.get_by_role("list", name="Mentors").get_by_role("listitem")).to_have_count(3)
        page.goto(f"/{key}")
        page.get_by_role("button", name=f"Ask a mentor about {key}").click()
        page.get_by_label("Question").fill("What is this?")
        page.keyboard.press("Control+Enter")
        turn = page.locator(".turn")
        turn.wait_for()
        conversation = page.url.rpartition("/")[2]
        expect(turn).to_contain_text(f"ask_mentor(conversation={conversation})")
        turn.locator("summary").click()
        expect(turn.locator("details").get_by_role("link", name=key)).to_be_visible()
        brief = server.call("ask_mentor", conversation=conversation)
        assert [each["key"] for each in brief["brief"]["material"]] == [key]
        server.call("record_answer", conversation=conversation, text=f"It is {key}.", model="some model")
        expect(turn).to_contain_text("recorded by ada")
        expect(turn.locator(".prose").get_by_role("link", name=key)).to_be_visible()


def reading_key(server: LiveServer) -> str:
    made = httpx.post(
        f"{server.url}/v1/keys", json={"name": "reads", "scope": "read"}, headers=server.headers, verify=NO_TLS
    )
    return str(made.raise_for_status().json()["key"])


def test_a_key_that_only_reads_is_offered_nothing_that_writes(browser: Browser, server: LiveServer) -> None:
    made = server.call("ask_mentor", mentor="delivery", question="Only read?")["key"]
    with signed_in(browser, replace(server, key=reading_key(server))) as page:
        page.goto("/mentors")
        page.get_by_role("list", name="Conversations").get_by_text("Only read?").wait_for()
        for name in ("Ask", "New mentor"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)
        page.keyboard.press("m")
        page.goto(f"/{made}")
        page.locator(".turn").wait_for()
        expect(page.get_by_label("Follow-up question")).to_have_count(0)
        expect(page.get_by_role("button", name="Put it away")).to_have_count(0)
        expect(page.get_by_role("dialog")).to_have_count(0)
