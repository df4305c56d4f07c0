"""The image of turbo-web as `fly deploy` would build it, really built and really run: its command, files and user."""

import base64
import contextlib
import hashlib
import os
import re
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from bench.web_image import main
from tests.hosting.image_process import START_LIMIT_SECONDS, Container, of_image
from tests.hosting.stub_api import StubApi, envelope, stub_api
from tests.hosting.web_image import IMAGES, image
from tests.hosting.web_process import Door
from tests.server.live import free_port

USER = 10001
SITE = "srv/turbo-web"
PROGRAMS_OF_THE_BUILD = ("node", "npm", "npx", "python3", "gcc", "cc", "make", "git")
# Building it takes most of it: the page, and once a Debian.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def box() -> Iterator[Container]:
    with image() as built, of_image(IMAGES, built) as made:
        yield made


@dataclass(frozen=True)
class Running:
    door: Door
    api: StubApi
    process: subprocess.Popen[bytes]

    @property
    def nginx(self) -> list[int]:
        """Its processes, the first one first: buildah starts it through some of its own."""
        return [pid for pid in _descendants(self.process.pid) if _status(pid, "Name") == "nginx"]


@pytest.fixture
def running(box: Container, tmp_path: Path) -> Iterator[Running]:
    with stub_api(envelope(200)) as api, (tmp_path / "said").open("wb") as said:
        port = free_port()
        environment = {"TURBO_API_URL": api.url, "WEB_HOST": "127.0.0.1", "WEB_PORT": str(port)}
        with (
            box.command(box.config["Cmd"], environment, {}) as command,
            subprocess.Popen(command, stderr=said) as process,
        ):
            running = Running(Door(port), api, process)
            try:
                _wait_for(running, tmp_path / "said")
                yield running
            finally:
                for pid in running.nginx[:1]:
                    os.kill(pid, signal.SIGTERM)
                process.wait(START_LIMIT_SECONDS)


def _wait_for(running: Running, said: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while running.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError):
            assert running.door("/health").status == 200
            return
        time.sleep(0.01)
    raise AssertionError(f"nginx of the image does not answer: {said.read_text()}")


def _descendants(pid: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        threads = Path(f"/proc/{pid}/task").iterdir()
        children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
        return [found for child in children for found in (child, *_descendants(child))]
    return []


def _status(pid: int, name: str) -> str:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return fields[name].strip()


def test_it_holds_the_page_nginx_and_nothing_of_what_built_it(box: Container) -> None:
    site = box.root / SITE
    assert {each.name for each in site.iterdir()} == {
        "br", "errors", "file.conf", "gzip", "nginx.conf", "page.conf", "plain", "site.conf", "start",
    }  # fmt: skip
    assert (site / "plain" / "index.html").is_file()
    assert list(site.rglob("csp.json")) == []
    programs = [
        folder / name for folder in (box.root / "usr/bin", box.root / "usr/local/bin") for name in PROGRAMS_OF_THE_BUILD
    ]
    assert [str(path) for path in programs if path.exists()] == []
    assert not (box.root / "src").exists()
    assert not re.search(r"KEY|SECRET|TOKEN|PASSWORD", " ".join(box.config.get("Env", [])))


def test_nothing_of_it_can_be_changed_by_the_user_it_runs_as(box: Container) -> None:
    assert box.config["User"] == f"{USER}:{USER}"
    writable = []
    for path in box.root.rglob("*"):
        found = path.lstat()
        open_to_all = found.st_mode & 0o002 and not stat.S_ISLNK(found.st_mode)
        if found.st_uid == USER or found.st_gid == USER or open_to_all:
            writable.append(f"/{path.relative_to(box.root)}")
    assert "/tmp" in writable  # noqa: S108 - where all lies that it writes
    assert set(writable) <= {"/tmp", "/var/tmp", "/run/lock"}  # noqa: S108 - the container's own


def test_it_runs_as_a_user_of_its_own_and_serves_the_page(running: Running, box: Container) -> None:
    assert {_status(pid, "Uid").split()[1] for pid in running.nginx} == {str(USER)}
    assert len(running.nginx) == 2  # one that looks after the other
    plain = box.root / SITE / "plain"
    for address, name in {"/": "index.html", "/board": "board.html", "/web-12": "item.html"}.items():
        answer = running.door(address)
        assert (answer.status, answer.body) == (200, (plain / name).read_bytes()), address
    assert running.door("/nowhere", Accept="text/html").body == (plain / "404.html").read_bytes()
    assert running.door("/v1/me").status == 200
    assert [path for path, _ in running.api.seen] == ["/v1/me"]


def test_every_script_of_every_page_is_allowed_and_no_other(running: Running, box: Container) -> None:
    pages = sorted(path.name for path in (box.root / SITE / "plain").glob("*.html"))
    assert len(pages) > 5
    for page in pages:
        answer = running.door(f"/{page}")
        inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.+?)</script>", answer.body.decode(), re.DOTALL)
        hashes = {f"sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}" for each in inline}
        [scripts] = re.findall(r"script-src ([^;]*);", answer.headers["content-security-policy"])
        assert set(scripts.split()) == {"'self'", *(f"'{each}'" for each in hashes)}, page
        for source in re.findall(r'<script[^>]*\ssrc="([^"]+)"', answer.body.decode()):
            script = running.door(source, Accept_Encoding="br")
            assert (script.status, script.headers["content-encoding"]) == (200, "br"), source
            assert "immutable" in script.headers["cache-control"]


def test_it_starts_and_idles_within_its_bars(box: Container) -> None:
    assert main(["--quick"]) == 0, box.name


def test_a_stop_lets_a_call_under_way_be_answered(running: Running) -> None:
    stopped = threading.Event()

    def late(request: BaseHTTPRequestHandler) -> None:
        assert stopped.wait(START_LIMIT_SECONDS)
        envelope(200)(request)

    running.api.reply = late
    connection = HTTPConnection("127.0.0.1", running.door.port, timeout=START_LIMIT_SECONDS)
    connection.request("POST", "/v1/tools/create_issue", b"{}")
    while not running.api.seen:
        time.sleep(0.01)
    os.kill(running.nginx[0], signal.SIGQUIT)
    with contextlib.suppress(OSError):  # by then nobody listens
        while running.door("/health").status == 200:
            time.sleep(0.01)
    stopped.set()
    assert connection.getresponse().status == 200
    connection.close()
    assert running.process.wait(START_LIMIT_SECONDS) == 0
