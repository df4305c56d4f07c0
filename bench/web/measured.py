"""What is measured of the page: each a list with a figure for each round."""

import contextlib
from collections.abc import Callable
from typing import Any

from playwright.sync_api import TimeoutError as NotSeen

from bench.web.slowed import Slowed, Task, tasks

SCRIPTS = """
() => performance.getEntriesByType("resource")
    .filter(({name, initiatorType}) => new URL(name).pathname.endsWith(".js"))
    .reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0) / 1024
"""
CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline", "toplevel", "__metadata"]
# A fixed piece of work without anything of ours: lines of text that are made, laid out and taken away again.
LINES = """
() => {
    const began = performance.now()
    const list = document.createElement("ol")
    for (let line = 0; line < 400; line++) {
        const words = Array.from({length: 6}, (_, word) => (line * 7919 + word * 104729).toString(36)).join(" ")
        list.append(Object.assign(document.createElement("li"), {textContent: words}))
    }
    document.body.append(list)
    list.getBoundingClientRect()
    list.remove()
    return performance.now() - began
}
"""
SPEED = 3000  # pixels a second: as a wheel is turned when somebody looks for a card
FAR = 100_000  # more than the longest column


def pace(slowed: Slowed) -> float:
    """Milliseconds that LINES take here and now: what other figures hang on where others use the machine too."""
    with slowed.tab() as (page, _):
        page.goto("/sign-in", wait_until="domcontentloaded")
        return float(page.evaluate(LINES))


def first_load(slowed: Slowed) -> tuple[float, float]:
    """KB of script until Today is to be seen, and the milliseconds until it can be used."""
    with slowed.tab() as (page, _):
        page.goto("/", wait_until="commit")
        page.locator(".section .issue-row").first.wait_for()
        kilobytes = float(page.evaluate(SCRIPTS))
        return kilobytes, float(page.evaluate("usable"))


def opening(slowed: Slowed, times: int) -> list[float]:
    """Issues of the list, one after the other: from the click to its text in the page."""
    with slowed.tab() as (page, _):
        page.goto("/issues")
        rows = page.locator(".issue-row")
        rows.nth(times).wait_for()
        page.wait_for_load_state("networkidle")
        return [_opened(page, number) for number in range(times)]


def _opened(page: Any, number: int) -> float:
    row = page.locator(".issue-row").nth(number)
    title = row.locator(".title").inner_text().removesuffix("…")  # a long one is cut in lists
    row.hover()
    page.evaluate(
        "title => bench.after('click', () => document.querySelector('.item header')?.textContent.includes(title)"
        " && document.querySelector('.item .body')?.textContent)",
        title,
    )
    row.click()
    took = float(page.evaluate("benched"))
    page.go_back()
    page.locator(".issue-row").nth(number).wait_for()
    return took


def scrolling(slowed: Slowed, board: str) -> tuple[int, list[Task]]:
    """How many cards the board has, and the tasks while its longest column is scrolled from end to end."""
    with slowed.tab() as (page, session):
        page.goto(board)
        page.locator(".column .card").first.wait_for()
        page.wait_for_load_state("networkidle")
        cards = sum(map(int, page.locator(".column .count").all_inner_texts()))
        column = page.locator('[data-status="done"]')
        column.scroll_into_view_if_needed()
        box = column.bounding_box()
        assert box is not None
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        gesture = {**middle, "yDistance": -FAR, "speed": SPEED, "gestureSourceType": "mouse"}
        total = int(column.locator(".count").inner_text())
        slowed.browser.start_tracing(page=page, categories=CATEGORIES)
        _until_the_end(page, total, lambda: session.send("Input.synthesizeScrollGesture", gesture))
        return cards, tasks(slowed.browser.stop_tracing())


def _until_the_end(page: Any, total: int, scroll: Callable[[], object]) -> None:
    """Until the last card was drawn: what comes next is fetched while one scrolls."""
    last = page.locator(f'[data-status="done"] li[aria-posinset="{total}"]')
    for _ in range(20):
        scroll()
        with contextlib.suppress(NotSeen):
            last.wait_for(state="attached", timeout=2_000)
            return
    raise AssertionError("the end of the column was not reached")


def dropping(slowed: Slowed, board: str, times: int) -> list[float]:
    """From the release of the mouse to the card in its new column."""
    with slowed.tab() as (page, _):
        page.goto(board)
        page.locator('[data-status="backlog"] .card').nth(2).wait_for()
        page.wait_for_load_state("networkidle")
        return [_dropped(page) for _ in range(times)]


def _dropped(page: Any) -> float:
    card = page.locator('[data-status="backlog"] .card').nth(1)
    key = card.get_attribute("data-key")
    to = page.locator('[data-status="ready"]').bounding_box()
    card.hover()
    page.mouse.down()
    page.mouse.move(to["x"] + 100, to["y"] + 200, steps=12)
    page.wait_for_function("() => document.querySelector('[data-status=ready]').dataset.over === 'true'")
    page.evaluate(
        "key => bench.after('mouseup', () => !document.querySelector('.card.lifted')"
        ' && document.querySelector(`[data-status=ready] [data-key="${key}"]`))',
        key,
    )
    page.mouse.up()
    took = float(page.evaluate("benched"))
    page.wait_for_load_state("networkidle")
    return took
