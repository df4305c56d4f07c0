"""axe finds nothing: on no page, in no theme, at no width, in no dialog."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.server.live import LiveServer

from .chromium import DESKTOP, PHONE
from .conftest import Tabs, axe_findings_in_both_themes, web_server
from .places import go, pages, settled
from .sample import KEYS, fill

pytestmark = [pytest.mark.web, pytest.mark.timeout(240)]
WIDTHS = {"desktop": DESKTOP, "phone": PHONE}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[LiveServer]:
    with web_server(tmp_path_factory.mktemp("sample"), sqlite_template) as server:
        fill(server)
        yield server


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, tabs: Tabs) -> Page:
    opened = tabs.open(WIDTHS[request.param])
    opened.goto("/")
    settled(opened)
    return opened


def test_axe_finds_nothing_on_any_page(page: Page) -> None:
    violations = []
    for path in (*pages(), *KEYS, "no-such-page"):
        go(page, f"/{path}")
        violations += [f"/{path} {each}" for each in axe_findings_in_both_themes(page)]
    assert not violations, "\n".join(violations)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


# What opens over a page: where, and how. A new dialog is one line.
OPENED: dict[str, tuple[str, Callable[[Page], object]]] = {
    "palette": ("", lambda page: page.keyboard.press("Control+k")),
    "search": ("", lambda page: press(page, "/", *"form")),
    "help": ("", lambda page: page.keyboard.press("?")),
    "create": ("board", lambda page: page.keyboard.press("c")),
    "confirm": ("activity", lambda page: page.get_by_role("button", name="Undo").first.click()),
    "choose": ("issues", lambda page: page.get_by_role("button", name="Status: ").click()),
    "marked": ("issues", lambda page: press(page, *"jxjx")),
    "edited": ("WEB-1", lambda page: page.get_by_role("button", name="Edit the text").click()),
}


def test_axe_finds_nothing_in_what_opens_over_a_page(page: Page) -> None:
    violations = []
    for name, (path, opened) in OPENED.items():
        go(page, f"/{path}")
        opened(page)
        if name not in ("marked", "edited"):
            page.locator("[role=dialog], [role=menu], [role=listbox]").first.wait_for()
        settled(page)
        violations += [f"{name} {each}" for each in axe_findings_in_both_themes(page)]
        page.keyboard.press("Escape")
    assert not violations, "\n".join(violations)


def test_axe_finds_nothing_at_the_door(page: Page, tabs: Tabs) -> None:
    door = tabs.open(page.viewport_size, is_signed_in=False)
    door.goto("/")
    door.get_by_label("API key").wait_for()
    assert axe_findings_in_both_themes(door) == []


def test_axe_sees_a_button_without_a_name(page: Page) -> None:
    """The control."""
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any("button-name" in each for each in axe_findings_in_both_themes(page))
