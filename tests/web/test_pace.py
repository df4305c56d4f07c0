"""The page keeps up with whoever uses it: nothing typed gets lost, and one comes back to where one was."""

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.server.live import LiveServer

pytestmark = pytest.mark.web
PARTS = "**/_next/static/chunks/*.js"

SCROLL = "(box, step) => { box.scrollBy(0, step); return new Promise((then) => setTimeout(then, 20)) }"
IN_ORDER = """
() => {
    const cards = [...document.querySelectorAll("[data-status=in_review] li")].map((each) => Number(each.ariaPosInSet))
    return cards.every((each, at) => !at || cards[at - 1] < each)
}
"""


def hold(page: Page) -> list[Route]:
    """The requests for parts of the program from now on."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(PARTS, keep)
    return held


def let_go(page: Page, held: list[Route]) -> None:
    assert held, "all parts were there already: nothing was typed ahead of one"
    for each in held:
        each.continue_()
    page.unroute(PARTS)


def test_what_is_typed_while_a_menu_is_on_its_way_arrives_in_it(page: Page, server: LiveServer) -> None:
    key = server.call("create_issue", project="WEB", title="Typed ahead")["key"]
    page.goto("/issues?text=Typed+ahead")
    row = page.locator(f"[data-key={key}]")
    row.wait_for()
    held = hold(page)
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.keyboard.type("urgex")
    page.keyboard.press("Backspace")
    page.keyboard.type("nt")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.coming')")
    let_go(page, held)
    expect(row.get_by_role("img", name="Priority: urgent")).to_be_visible()


def test_a_new_issue_has_the_title_that_was_typed_at_once(page: Page) -> None:
    page.goto("/issues?text=nothing+fits+this")
    page.get_by_text("No issue fits these filters").wait_for()
    held = hold(page)
    page.keyboard.press("c")
    page.keyboard.type("Call the bank")
    let_go(page, held)
    expect(page.get_by_label("Title", exact=True)).to_have_value("Call the bank")


def test_one_comes_back_to_the_same_place_of_a_list(page: Page, server: LiveServer) -> None:
    for number in range(40):
        server.call("create_issue", project="WEB", title=f"Far down {number}")
    page.goto("/issues?text=Far+down")
    rows = page.locator(".issue-row:visible")
    expect(rows).to_have_count(40)
    for _ in range(36):
        page.keyboard.press("j")
    selected = page.locator("[data-selected=true]")
    key = selected.get_attribute("data-key")
    scrolled = page.evaluate("() => document.querySelector('.scroll').scrollTop")
    assert scrolled > 100
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Far down")).to_be_visible()
    expect(rows).to_have_count(0)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "list_issues" in request.url else None)
    page.go_back()
    expect(page.locator("[data-selected=true]:visible")).to_have_attribute("data-key", str(key))
    assert page.evaluate("() => document.querySelector('.scroll').scrollTop") == scrolled
    assert asked == []
    page.keyboard.press("j")
    expect(selected).not_to_have_attribute("data-key", str(key))


def test_the_item_under_the_mouse_is_fetched_before_it_is_opened(page: Page, server: LiveServer) -> None:
    key = server.call("create_issue", project="WEB", title="Under the mouse", description="Its text")["key"]
    page.goto("/issues?text=Under+the+mouse")
    with page.expect_response(lambda response: response.url.endswith("/get_item")) as fetched:
        page.locator(f"[data-key={key}]").hover()
    assert fetched.value.status == 200
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/get_item") else None)
    page.locator(f"[data-key={key}]").click()
    expect(page.get_by_text("Its text")).to_be_visible()
    assert asked == []


def test_the_board_is_walked_marked_and_changed_by_keys(page: Page, server: LiveServer) -> None:
    made = [("One", "backlog"), ("Two", "backlog"), ("Other", "ready")]
    keys = [
        server.call("create_issue", project="WEB", title=f"Walked {title}", status=status)["key"]
        for title, status in made
    ]
    page.goto("/board?text=Walked")
    cards = [page.locator(f".card[data-key={key}]") for key in keys]
    cards[2].wait_for()
    cards[0].wait_for()
    page.keyboard.press("j")
    first = str(page.evaluate("() => document.activeElement.dataset.key"))
    page.keyboard.press("x")
    page.keyboard.press("j")
    second = str(page.evaluate("() => document.activeElement.dataset.key"))
    assert {first, second} == set(keys[:2])
    page.keyboard.press("ArrowRight")
    expect(cards[2]).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("p")
    page.keyboard.type("urgent")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 issues changed")).to_be_visible()
    found = {key: server.call("get_item", key=key)["priority"] for key in keys}
    assert found == {first: "urgent", second: "none", keys[2]: "urgent"}


def test_a_menu_of_a_page_that_was_left_is_gone(page: Page, server: LiveServer) -> None:
    key = server.call("create_issue", project="WEB", title="Left behind")["key"]
    page.goto(f"/{key}")
    page.get_by_role("button", name="Left behind").wait_for()
    page.get_by_role("link", name="Issues", exact=True).click()
    page.locator(f".issue-row[data-key={key}]").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.get_by_role("combobox").wait_for()
    page.go_back()
    expect(page.get_by_role("button", name="Left behind")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()


def test_a_column_that_was_scrolled_shows_its_cards_in_order_and_keeps_the_one_in_use(
    page: Page, server: LiveServer
) -> None:
    for number in range(60):
        server.call("create_issue", project="WEB", title=f"In the column {number}", status="in_review")
    order = server.call("list_issues", status=["in_review"], text="In the column", sort="priority", limit=100)["items"]
    keys = [issue["key"] for issue in order]
    page.goto("/board?text=In+the+column")
    column = page.locator("[data-status=in_review]")
    column.locator(".card").first.wait_for()
    page.keyboard.press("j")
    expect(column.locator(f".card[data-key={keys[0]}]")).to_be_focused()
    for key, step in ((keys[-1], 400), (keys[24], -400)):
        while not column.locator(f".card[data-key={key}]").count():
            column.locator(".cards").evaluate(SCROLL, step)
    page.wait_for_function(IN_ORDER)  # at rest: the Tab key and screen readers go by it
    drawn = column.locator("li").evaluate_all(
        "all => all.map((each) => [Number(each.ariaPosInSet), each.querySelector('.card').dataset.key])"
    )
    assert drawn == [[position, keys[position - 1]] for position, _ in drawn]
    expect(column.locator(f".card[data-key={keys[0]}]")).to_be_focused()
    page.keyboard.press("j")
    expect(column.locator(f".card[data-key={keys[1]}]")).to_be_focused()
