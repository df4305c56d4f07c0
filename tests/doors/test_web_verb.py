"""`turbo-client web`: a real client, a real server, and a browser that writes down where it was sent."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.doors.machines import Machine
from tests.server.live import NO_TLS, LiveServer, live_server

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def server(make_database: Callable[[str], str], tmp_path: Path) -> Iterator[LiveServer]:
    with live_server(make_database("sqlite"), tmp_path) as live:
        yield live


def signed_in(server: LiveServer, address: str) -> httpx.Response:
    page, _, code = address.partition("/sign-in#code=")
    assert page == server.url
    assert urlsplit(address).path == "/sign-in"
    assert urlsplit(address).query == ""
    return httpx.post(f"{server.url}/v1/session", json={"code": code}, headers=OWN, timeout=10, verify=NO_TLS)


def test_a_link_signs_a_browser_in_once_and_reaches_no_log(
    server: LiveServer, machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    laptop = machine("laptop")
    laptop.login(server.key)
    printed = laptop.run("web", "--print")
    assert (printed.returncode, printed.stdout.count("\n")) == (0, 1)
    address = printed.stdout.strip()
    first = signed_in(server, address)
    assert first.json()["name"] == "ada"
    assert signed_in(server, address).status_code == 401
    cookie = {"Cookie": first.headers["set-cookie"].partition(";")[0], **OWN}
    assert cookie["Cookie"].startswith("turbo=")
    me = httpx.get(f"{server.url}/v1/me", headers=cookie, timeout=10, verify=NO_TLS)
    assert me.json()["key"]["name"] == "laptop"

    opened, browser = tmp_path / "opened", tmp_path / "browser.py"
    browser.write_text(f"import pathlib, sys; pathlib.Path({json.dumps(str(opened))}).write_text(sys.argv[1])")
    laptop.home["BROWSER"] = f"{shlex.quote(sys.executable)} {shlex.quote(str(browser))} %s"
    done = laptop.run("web")
    assert (done.returncode, done.stdout) == (0, "")
    assert "#code=" not in done.stderr
    assert signed_in(server, opened.read_text()).status_code == 200
    for secret in (address.partition("=")[2], opened.read_text().partition("=")[2], cookie["Cookie"].partition("=")[2]):
        assert secret.encode() not in server.log


def test_who_is_not_logged_in_is_told_so(server: LiveServer, machine: Callable[[str], Machine]) -> None:
    done = machine("laptop").run("web", "--print")
    assert (done.returncode, done.stdout) == (5, "")
    assert "turbo-client login" in done.stderr
