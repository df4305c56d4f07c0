"""Every address of the page, by its own list: a new page is in these tests by being in frontend/lib/files.ts."""

import re
from pathlib import Path

from playwright.sync_api import Page

# How many requests of the page are not answered yet.
ASKING = """
window.asking = 0
const plain = window.fetch
window.fetch = (...all) => (window.asking++, plain(...all).finally(() => window.asking--))
"""
FRONTEND = Path(__file__).parents[2] / "frontend"


def pages() -> tuple[str, ...]:
    """Today, and what PAGES names."""
    listed = re.search(r"export const PAGES = \[(.*?)\]", (FRONTEND / "lib" / "files.ts").read_text(), re.DOTALL)
    assert listed, "frontend/lib/files.ts has no PAGES"
    found = tuple(re.findall(r'"([^"]+)"', listed[1]))
    assert len(found) >= 9
    return ("", *found)


def go(page: Page, path: str) -> None:
    """As by a link of the page, without loading it anew; returns when it shows what it has to show."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)
    settled(page)


def settled(page: Page) -> None:
    page.locator(".bar:visible").wait_for()  # a page that waits behind an item is hidden
    page.wait_for_function(
        "coming => !window.asking && ![...document.querySelectorAll(coming)].some((each) => each.checkVisibility())",
        arg=".loading, .plain, [aria-busy=true]",
    )
