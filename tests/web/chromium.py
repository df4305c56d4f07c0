"""Debian's Chromium under Playwright, for the tests of the page, its pictures and its bench."""

import asyncio
import contextlib
import os
import shutil
from asyncio import events
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

from turbo_server.settings import WEB

# As root; and whatever a page asks of another host comes to nothing. Playwright could hold it back, too, but then it
# holds every request, and nothing is cached.
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Chromium:
    browser: Browser
    _loop: asyncio.AbstractEventLoop

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Browser]:
        """Playwright for synchronous code leaves its event loop running, in which nobody else could run one: the thread
        has it only while a test drives the browser."""
        events._set_running_loop(self._loop)
        try:
            yield self.browser
        finally:
            events._set_running_loop(None)


@contextlib.contextmanager
def chromium() -> Iterator[Chromium]:
    """Skips, or fails where CI=true, without the browser."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        unavailable("there is no Chromium: `apt-get install chromium`")
    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        events._set_running_loop(None)
        try:
            yield Chromium(browser, loop)
        finally:
            events._set_running_loop(loop)
            browser.close()


def need_the_page() -> None:
    """Skips, or fails where CI=true, when it is not built."""
    if not (WEB / "index.html").exists():
        unavailable("it is not built: `apt-get install nodejs npm` (Node 20.9 or newer), then `make web`")


def unavailable(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the web page: {why}", pytrace=False)
    pytest.skip(f"the web page: {why}")
