"""For each worker one browser and one server with the built page; for each test a signed-in tab of its own."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.server.live import LiveServer, live_server

from .chromium import DESKTOP, Chromium, chromium, need_the_page, without_its_loop
from .places import ASKING
from .sample import fill
from .watch import Watch


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[LiveServer]:
    with web_server(tmp_path_factory.mktemp("web"), sqlite_template) as server:
        fill(server)
        yield server


@contextlib.contextmanager
def web_server(folder: Path, template: Path) -> Iterator[LiveServer]:
    """Empty, but for ada."""
    need_the_page()
    database = shutil.copyfile(template, folder / "turbo.db")
    with contextlib.ExitStack() as stack:
        with without_its_loop():
            server = stack.enter_context(live_server(f"sqlite:///{database}", folder))
        yield server


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
    for context in opened.contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert opened.watch.seen == []


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
    page.get_by_role("navigation").wait_for()


def storage_of(page: Page) -> str:
    """All that a script on the page could read and keep."""
    script = "JSON.stringify([localStorage, sessionStorage, document.cookie, document.documentElement.outerHTML])"
    return str(page.evaluate(script))
