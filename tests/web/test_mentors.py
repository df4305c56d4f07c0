"""Asking a mentor on the page, in a real Chromium, of a server that answers by the stand-in of Anthropic's API."""

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.mentor_api import KEY, MentorApi, mentor_api
from tests.mentor_replies import calls, says
from tests.server.live import LiveServer, live_server

from .conftest import BUILT, axe_findings_in_both_themes, in_another_thread, signed_in, unavailable

pytestmark = [pytest.mark.web, pytest.mark.timeout(180)]
SLOW = 60_000  # the first answer of a server loads a library, beside whatever else this machine does
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
REASON = {"reason_for_proposal": "Nobody works on it any more."}


@pytest.fixture(scope="module")
def api() -> Iterator[MentorApi]:
    with in_another_thread(mentor_api()) as api:
        yield api


@pytest.fixture(scope="module")
def answering(api: MentorApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    if not BUILT.exists():
        unavailable("the page is not built: `make web`")
    folder = tmp_path_factory.mktemp("answering")
    settings = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.origin, "TURBO_MENTOR_DAILY_BUDGET": "0.30"}
    serving = live_server(f"sqlite:///{folder / 'turbo.db'}", folder, **settings)
    with in_another_thread(serving) as server:
        server.call("create_project", key="WEB", name="Web shop")
        server.call("create_issue", project="WEB", title="Choose a queue", description="Postgres or Redis?")
        yield server


@pytest.fixture
def page(answering: LiveServer, browser: Browser) -> Iterator[Page]:
    with signed_in(browser, answering) as page:
        yield page


def ask(page: Page, question: str, where: str = "/mentors") -> Locator:
    """By the key `m`; the turn that it makes."""
    page.goto(where)
    page.locator(".bar").wait_for()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("m")
    page.get_by_role("dialog").get_by_label("Question").fill(question)
    page.keyboard.press("Control+Enter")
    turn = page.locator(".turn", has_text=question).last
    turn.wait_for()
    return turn


def test_an_answer_comes_word_by_word_and_a_further_question_goes_on(page: Page, api: MentorApi) -> None:
    gate = threading.Event()
    api.script("which queue", says("The database, as **WEB-1** says; not UTF-8.", gate=gate))
    turn = ask(page, "which queue, please", "/WEB-1")
    expect(page).to_have_url(re.compile(r"/ASK-\d+$"))
    expect(page.get_by_label("About this conversation")).to_contain_text("WEB-1")
    expect(turn.locator(".coming")).to_contain_text("The dat", timeout=SLOW)
    expect(turn.locator(".doing")).to_contain_text("is answering")
    gate.set()
    expect(turn.locator(".prose strong").get_by_role("link", name="WEB-1")).to_be_visible()
    expect(turn.get_by_label("Cited").get_by_role("link")).to_have_text(["WEB-1"])
    expect(turn.locator(".answer .by")).to_contain_text("$0.0")
    api.script("and why", says("Because one store is enough."))
    page.get_by_label("Follow-up question").fill("and why?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".turn").last).to_contain_text("one store is enough", timeout=SLOW)
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.get_by_label("Follow-up question")).to_have_value("")


def test_an_accepted_proposal_changes_the_item_and_a_declined_one_nothing(
    page: Page, api: MentorApi, answering: LiveServer
) -> None:
    kept = answering.call("create_issue", project="WEB", title="Stays")["key"]
    ended = answering.call("create_issue", project="WEB", title="Ends", status="in_progress")["key"]
    api.script(
        "what ends",
        calls("propose_update_issue", {"key": ended, "status": "cancelled", **REASON}),
        calls("propose_update_issue", {"key": kept, "title": "Gone", **REASON}, use="toolu_02"),
        says("Two things."),
    )
    turn = ask(page, "what ends?")
    first, second = (turn.get_by_role("region", name=f"Proposal {number}") for number in (1, 2))
    expect(first).to_contain_text("High risk", timeout=SLOW)
    expect(first).to_contain_text("Nobody works on it any more.")
    first.get_by_role("button", name="Accept").click()
    page.get_by_role("dialog").get_by_role("button", name="Do it").click()
    expect(first).to_contain_text("Accepted by ada")
    second.get_by_role("button", name="Decline").click()
    expect(second).to_contain_text("Declined by ada")
    first.get_by_role("link", name=ended).first.click()
    expect(page.get_by_label("Properties")).to_contain_text("Cancelled")
    assert answering.call("get_item", key=kept)["title"] == "Stays"


def test_what_somebody_else_decides_appears_without_a_reload(page: Page, api: MentorApi, answering: LiveServer) -> None:
    api.script("elsewhere", calls("propose_create_issue", {"project": "WEB", "title": "New", **REASON}), says("One."))
    turn = ask(page, "elsewhere?")
    proposal = turn.get_by_role("region", name="Proposal 1")
    expect(proposal.get_by_role("button", name="Accept")).to_be_visible(timeout=SLOW)
    answering.call("ask_mentor", conversation=page.url.rpartition("/")[2], reject=[1])
    expect(proposal).to_contain_text("Declined by ada")


def test_the_palette_asks_with_the_words_that_were_typed(page: Page, api: MentorApi) -> None:
    api.script("from the palette", says("Heard."))
    page.goto("/issues")
    page.locator(".bar").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("a word from the palette")
    page.get_by_role("option", name="Ask a mentor: a word").click()
    dialog = page.get_by_role("dialog", name="Ask a mentor")
    expect(dialog.get_by_label("Question")).to_have_value("a word from the palette")
    dialog.get_by_role("button", name="Mentor:").click()
    page.get_by_role("option", name="@writing").click()
    dialog.get_by_role("button", name="Ask @writing").click()
    expect(page.locator(".turn")).to_contain_text("Heard.", timeout=SLOW)
    expect(page.get_by_label("About this conversation")).to_contain_text("@writing")


def test_two_keys_in_a_row_lead_to_a_page_from_any_list(page: Page) -> None:
    page.goto("/issues")
    page.locator("[data-key]").first.wait_for()
    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", name="Machines and keys")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Mentors")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Ask a mentor")


def test_a_mentor_is_made_instructed_and_put_away_on_a_phone(browser: Browser, answering: LiveServer) -> None:
    with signed_in(browser, answering, **PHONE) as page:
        page.goto("/mentors")
        page.get_by_role("button", name="New mentor").tap()
        form = page.get_by_role("dialog")
        for field, text in (("Name", "security"), ("Role", "Looks for abuse"), ("Instructions", "Think *bad*.")):
            form.get_by_label(field).fill(text)
        form.get_by_label("Dollars a day").fill("2.5")
        form.get_by_role("button", name="Make it").tap()
        expect(page).to_have_url(re.compile("/@security$"))
        expect(page.locator("em")).to_have_text("bad")
        page.get_by_role("button", name="Edit the instructions").tap()
        with page.expect_response(lambda answer: answer.url.endswith("/get_item") and "Theirs." in answer.text()):
            answering.call("create_mentor", name="security", instructions="Theirs.")  # the page hears of it meanwhile
        page.get_by_label("Text", exact=True).fill("Mine.")
        page.get_by_role("button", name="Save", exact=True).tap()
        page.get_by_role("dialog").get_by_role("button", name="Save mine").tap()
        expect(page.locator("article")).to_contain_text("Mine.")
        expect(page.get_by_role("button", name="Edit the instructions")).to_be_visible()
        assert answering.call("get_item", key="@security")["instructions"] == "Mine."
        page.get_by_role("button", name="Put it away").tap()
        expect(page.get_by_role("button", name="Bring it back").first).to_be_visible()
        page.reload()
        page.get_by_label("Properties").get_by_role("button", name="Bring it back").tap()
        expect(page.get_by_role("button", name="Put it away")).to_be_visible()


def test_a_conversation_is_named_and_put_away_on_a_phone(browser: Browser, answering: LiveServer) -> None:
    key = answering.call("ask_mentor", mentor="writing", question="Long words?", brief_only=True)["key"]
    with signed_in(browser, answering, **PHONE) as page:
        page.goto(f"/{key}")
        page.get_by_role("button", name="Long words?").tap()
        page.get_by_label("Title").fill("Short words")
        page.get_by_label("Title").press("Enter")
        expect(page.get_by_role("button", name="Short words")).to_be_visible()
        page.get_by_role("button", name="Put it away").tap()
        expect(page.get_by_text("nothing more can be asked in it")).to_be_visible()
        page.goto("/mentors")
        expect(page.get_by_role("list", name="Conversations")).not_to_contain_text("Short words")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_budget_that_is_used_up_says_when_it_begins_anew(page: Page, api: MentorApi) -> None:
    """Last of those that ask: nothing is left for others."""
    api.script("dear", says("Costly.", tokens=25_000))
    ask(page, "dear, first")
    expect(page.locator(".turn").last).to_contain_text("Costly.", timeout=SLOW)
    page.get_by_label("Follow-up question").fill("dear, second")
    page.keyboard.press("Control+Enter")
    failed = page.locator(".turn").last.get_by_role("alert")
    expect(failed).to_contain_text("begins anew at", timeout=SLOW)
    expect(failed).to_contain_text("midnight UTC")
    failed.get_by_role("button", name="Ask again").click()
    expect(page.get_by_label("Follow-up question")).to_have_value("dear, second")
    failed.get_by_role("link", name="What was spent today").click()
    cost = page.get_by_role("region", name="Cost")
    expect(cost).to_contain_text("of $0.30")
    expect(cost.get_by_role("meter", name="You today")).to_have_attribute("aria-valuetext", re.compile(r"\$0\.2\d of"))
    cost.get_by_role("button", name="By mentor").click()
    expect(cost.get_by_role("cell", name="@architect")).to_be_visible()


def test_axe_finds_nothing_where_mentors_are(page: Page, answering: LiveServer) -> None:
    keys = [row["key"] for row in answering.call("list_items", kind="conversation")["items"]]
    for path in ("mentors", "@architect", *keys):
        page.goto(f"/{path}")
        page.locator(".bar").wait_for()
        page.wait_for_load_state("networkidle")
        assert axe_findings_in_both_themes(page) == [], path
