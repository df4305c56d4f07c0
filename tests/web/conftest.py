"""One browser, one server with the built page, and a signed-in tab for each test."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, sync_playwright

import turbo_server
from tests.server.live import LiveServer, live_server

T = TypeVar("T")
BUILT = Path(turbo_server.__file__).parent / "web" / "index.html"
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    if not BUILT.exists():
        unavailable("the page is not built: `make web`")
    folder = tmp_path_factory.mktemp("web")
    with live_server(f"sqlite:///{folder / 'turbo.db'}", folder) as server:
        server.call("create_project", key="WEB", name="Web shop")
        yield server


@pytest.fixture(scope="session")
def browser(server: LiveServer) -> Iterator[Browser]:
    """After the server, whose start runs an event loop of its own: Playwright leaves one running."""
    del server
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        unavailable("there is no Chromium: `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])  # as root
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: LiveServer) -> Iterator[Page]:
    with signed_in(browser, server) as page:
        yield page


@contextlib.contextmanager
def in_another_thread(made: AbstractContextManager[T]) -> Iterator[T]:
    """Where no event loop runs: once there was a browser, Playwright leaves one running in this one."""
    with ThreadPoolExecutor(1) as thread:
        entered = thread.submit(made.__enter__).result()
        try:
            yield entered
        finally:
            thread.submit(made.__exit__, None, None, None).result()


@contextlib.contextmanager
def signed_in(browser: Browser, server: LiveServer, **context: Any) -> Iterator[Page]:
    """A tab of a browser of its own. Nothing may go to another origin, no script may fail."""
    window = browser.new_context(base_url=server.url, **{"viewport": {"width": 1280, "height": 800}} | context)
    outward: list[str] = []
    errors: list[str] = []

    def watch(route: Route) -> None:
        if route.request.url.startswith(server.url):
            route.continue_()
        else:
            outward.append(route.request.url)
            route.abort()

    def refuse(dialog: Dialog) -> None:
        errors.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    window.route("**/*", watch)
    page = window.new_page()
    page.set_default_timeout(10_000)
    page.set_default_navigation_timeout(30_000)  # of a whole page, on a machine that builds and tests besides
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", refuse)
    page.goto("/")
    page.get_by_label("API key").fill(server.key)
    page.keyboard.press("Enter")
    page.locator(".bar").wait_for()
    yield page
    window.close()
    assert (outward, errors) == ([], [])


def unavailable(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the web page: {why}", pytrace=False)
    pytest.skip(why)


def storage_of(page: Page) -> str:
    """All that a script on the page could read and keep."""
    script = "JSON.stringify([localStorage, sessionStorage, document.cookie, document.documentElement.outerHTML])"
    return str(page.evaluate(script))


def axe_findings(page: Page) -> list[list[str]]:
    """What hinders somebody on the page as it is shown: (rule, the first element)."""
    page.evaluate(AXE.read_text())
    script = "axe.run().then(({violations}) => violations.map((each) => [each.id, each.nodes[0].html]))"
    found: list[list[str]] = page.evaluate(script)
    return found
