"""The page in Chromium as on a computer a quarter as fast, and what was seen of it there."""

import contextlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, StorageState, ViewportSize

from bench.server import Running
from tests.web.conftest import sign_in

HERE = Path(__file__).parent
PROBE, SLOW = HERE / "probe.js", HERE / "slow.js"
SLOWER = 4
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class Slowed:
    browser: Browser
    url: str
    state: StorageState
    is_control: bool

    @contextlib.contextmanager
    def tab(self) -> Iterator[tuple[Page, CDPSession]]:
        """Fresh: nothing of the page is cached."""
        context = self.browser.new_context(base_url=self.url, viewport=VIEWPORT, storage_state=self.state)
        for script in (PROBE, SLOW) if self.is_control else (PROBE,):
            context.add_init_script(path=script)
        page = context.new_page()
        page.set_default_timeout(60_000)
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        try:
            yield page, session
        finally:
            context.close()


def slowed(browser: Browser, served: Running, *, is_control: bool) -> Slowed:
    url = f"http://127.0.0.1:{served.port}"
    with contextlib.closing(browser.new_context(base_url=url)) as context:
        page = context.new_page()
        sign_in(page, served.server.token)
        return Slowed(browser, url, context.storage_state(), is_control)


MOVING = 100_000  # microseconds after an event of scrolling, of which there is one for each frame
COLLECTED = {"MajorGC", "MinorGC"}


@dataclass(frozen=True)
class Task:
    """Milliseconds: of all of it, and of what in it is the browser's collection of garbage."""

    took: float
    collected: float


def tasks(trace: bytes) -> list[Task]:
    """Of the page's main thread that began while it was scrolled: what is done when nobody moves hinders nobody."""
    events = json.loads(trace)["traceEvents"]
    threads = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
    }
    here = [each for each in events if "dur" in each and (each["pid"], each["tid"]) in threads]
    moves = sorted(each["ts"] for each in here if _is_scrolled(each))
    collections = [each for each in here if each["name"] in COLLECTED]
    return [
        Task(
            each["dur"] / 1000,
            sum(one["dur"] for one in collections if 0 <= one["ts"] - each["ts"] < each["dur"]) / 1000,
        )
        for each in here
        if each["name"] == "RunTask" and _is_moving(each["ts"], moves)
    ]


def _is_scrolled(event: dict[str, Any]) -> bool:
    return bool(event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "scroll")


def _is_moving(at: int, moves: Sequence[int]) -> bool:
    before = bisect_right(moves, at)
    return before > 0 and at - moves[before - 1] < MOVING
