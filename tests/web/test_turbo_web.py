"""The page as turbo-web serves it: the real files by nginx, in Chromium, with a real turbo-server behind."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.hosting.web_process import site, turbo_web
from tests.server.live import LiveServer, free_port
from tests.web.conftest import BUILT, signed_in

pytestmark = pytest.mark.web


@pytest.fixture(scope="module")
def made(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    del server  # which skips where the page is not built
    return site(BUILT.parent, tmp_path_factory.mktemp("turbo-web") / "site")


def test_a_person_signs_in_through_nginx_and_opens_an_issue_by_its_address(
    browser: Browser, server: LiveServer, made: Path, tmp_path: Path
) -> None:
    key = server.call("create_issue", project="WEB", title="Pay by invoice")["key"]
    with turbo_web(made, server.url, tmp_path / "said") as web:
        through = replace(server, url=f"http://127.0.0.1:{web.port}")
        with signed_in(browser, through) as page:
            page.goto(f"/{key.lower()}")
            expect(page.get_by_text("Pay by invoice").first).to_be_visible()
            page.goto("/board?text=invoice")
            expect(page.get_by_text("Pay by invoice").first).to_be_visible()


def test_while_turbo_server_is_away_the_page_says_so(browser: Browser, made: Path, tmp_path: Path) -> None:
    with turbo_web(made, f"http://127.0.0.1:{free_port()}", tmp_path / "said") as web:
        window = browser.new_context()
        page = window.new_page()
        page.goto(f"http://127.0.0.1:{web.port}/")
        expect(page.get_by_text("turbo-server does not answer: it may be waking up, or is away.")).to_be_visible(
            timeout=30_000
        )
        window.close()
