"""For each worker one browser and one server with the built page; for each test a signed-in tab of its own."""

import contextlib
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.server.live import LiveServer, live_server
from turbo_server.settings import WEB

from .chromium import DESKTOP, Chromium, chromium, need_the_page, unavailable
from .places import ASKING, FRONTEND
from .watch import Watch

__all__ = ["unavailable"]
T = TypeVar("T")
RULES_OF_COLOURS = ("color-contrast", "link-in-text-block")
# Every element, whether it is seen, and all that stands in it: what a theme leaves as it is.
SHOWN = """
[...document.querySelectorAll("body *")].map(each =>
    each.cloneNode().outerHTML + each.checkVisibility({opacityProperty: true, visibilityProperty: true})
).join() + document.body.innerText
"""
BUILT = WEB / "index.html"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[LiveServer]:
    with web_server(tmp_path_factory.mktemp("web"), sqlite_template) as server:
        server.call("create_project", key="WEB", name="Web shop")
        yield server


@contextlib.contextmanager
def web_server(folder: Path, template: Path) -> Iterator[LiveServer]:
    """Empty, but for ada."""
    need_the_page()
    database = shutil.copyfile(template, folder / "turbo.db")
    with in_another_thread(live_server(f"sqlite:///{database}", folder)) as server:
        yield server


@contextlib.contextmanager
def in_another_thread(made: AbstractContextManager[T]) -> Iterator[T]:
    """Where no event loop runs: while a test drives the browser, Playwright has one running in this one."""
    with ThreadPoolExecutor(1) as thread:
        entered = thread.submit(made.__enter__).result()
        try:
            yield entered
        finally:
            thread.submit(made.__exit__, None, None, None).result()


@pytest.fixture(scope="session")
def worker_browser() -> Iterator[Chromium]:
    need_the_page()
    with chromium() as running:
        yield running


@pytest.fixture
def browser(worker_browser: Chromium) -> Iterator[Browser]:
    with worker_browser.at_work() as browser:
        yield browser


@dataclass
class Tabs:
    """Opens the page. Whatever it does that it must not is in `watch`, and fails the test."""

    browser: Browser
    server: LiveServer
    state: StorageState | None = None
    watch: Watch = field(default_factory=Watch)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, viewport: Any = DESKTOP, *, is_signed_in: bool = True, **options: Any) -> Page:
        state = self.state if is_signed_in else None
        context = self.browser.new_context(
            base_url=self.server.url, viewport=viewport, storage_state=state, reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        context.add_init_script(ASKING)
        self.watch.over(context, self.server.url)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.watch.seen == []


@pytest.fixture(scope="session")
def sign_ins() -> dict[str, StorageState]:
    """The cookie of the worker's first sign-in, by the server's address."""
    return {}


@pytest.fixture
def tabs(browser: Browser, server: LiveServer, sign_ins: dict[str, StorageState]) -> Iterator[Tabs]:
    opened = Tabs(browser, server)
    if server.url not in sign_ins:
        page = opened.open(is_signed_in=False)
        sign_in(page, server.key)
        sign_ins[server.url] = page.context.storage_state()
    opened.state = sign_ins[server.url]
    yield opened
    opened.close()


@contextlib.contextmanager
def signed_in(browser: Browser, server: LiveServer, **context: Any) -> Iterator[Page]:
    """A tab of a browser of its own, on any server; watched as the others are."""
    tabs = Tabs(browser, server)
    page = tabs.open(context.pop("viewport", DESKTOP), is_signed_in=False, **context)
    sign_in(page, server.key)
    yield page
    tabs.close()


@pytest.fixture
def page(tabs: Tabs) -> Page:
    """Signed in, on Today."""
    page = tabs.open()
    page.goto("/")
    page.get_by_role("navigation").wait_for()
    return page


@pytest.fixture
def door(tabs: Tabs) -> Page:
    """Not signed in."""
    page = tabs.open(is_signed_in=False)
    page.goto("/")
    page.get_by_label("API key").wait_for()
    return page


def sign_in(page: Page, key: str) -> None:
    page.goto("/")
    page.get_by_label("API key").fill(key)
    page.keyboard.press("Enter")
    page.locator(".bar").wait_for()  # on a phone there is no navigation until it is asked for


def storage_of(page: Page) -> str:
    """All that a script on the page could read and keep."""
    script = "JSON.stringify([localStorage, sessionStorage, document.cookie, document.documentElement.outerHTML])"
    return str(page.evaluate(script))


def axe_findings(page: Page, *rules: str) -> list[list[str]]:
    """What hinders somebody on the page as it is shown: (rule, element). What lies behind an open dialog is veiled and
    out of reach. `rules`: these alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    script = """
        rules => axe.run(
            {exclude: ['body > [aria-hidden="true"]']},
            {resultTypes: ["violations"], ...(rules.length && {runOnly: rules})},
        ).then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(({html}) => [id, html])))
    """
    found: list[list[str]] = page.evaluate(script, list(rules))
    return found


def axe_findings_in_both_themes(page: Page) -> list[str]:
    """In the dark by the rules of colours alone, once it is seen that the same stands there."""
    page.emulate_media(color_scheme="light")
    found = [f"light: {' '.join(each)}" for each in axe_findings(page)]
    shown = page.evaluate(SHOWN)
    page.emulate_media(color_scheme="dark")
    if page.evaluate(SHOWN) != shown:
        return [*found, *(f"dark: {' '.join(each)}" for each in axe_findings(page))]
    return [*found, *(f"dark: {' '.join(each)}" for each in axe_findings(page, *RULES_OF_COLOURS))]
