"""The web page through both doors, turbo-server's own and nginx of turbo-web: the same request, the same answer."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from tests.hosting.web_process import Answer, Door, site, turbo_web
from tests.server.live import free_port
from tests.server.page_files import FILES, FOUND, MISSING, fill
from turbo_server.app import create_app
from turbo_server.doors.nginx import NotServed, write
from turbo_server.kit.idempotency import PROMISE
from turbo_server.settings import Settings

# Of the servers themselves, not of what they answer; the last two turbo-server says of every answer of its API.
OWN = frozenset({"server", "date", "connection", "x-request-id", PROMISE.lower()})
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
SCRIPT = "/_next/static/chunks/app-0f3a.js"
CODINGS = (
    "gzip, deflate, br, zstd", "gzip", "br", "gzip;q=1.0, br;q=0", "BR;q=0.5 , gzip", "deflate", "gzip;q=0.000", "",
    "brotli", "xbr", "br;q=0.0,gzip;q=0", "identity;q=1, *;q=0", "gzip;q=0, gzip", "br ; q=0", "br;q=0.001",
)  # fmt: skip
MORE = (
    "/BOARD", "/Board.html", "/board//", "//", "/index", "/index/", "/404", "/%62oard", "/TURBO-12%0a", "/board%0a",
    "/TURBO-1234567890", "/T-1", "/TURBO-012", "/TURBO-12.html", "/turbo-m3/", "/ask-1", "/TURBO-12/__NEXT.tree.txt",
    "/icon.svg/", "/board.html/", "/plain/board.html", "/errors/404.json", "/.instead/page", "/.instead/api",
    "/site.conf", "/%c4%b1tem", "/TURBO-12%20", "/a%20b", "/board;x", "/item", "/item.txt", "/item/__next.tree.txt",
    "/%c5%bfURBO-1", "/board%2f", "/board%3fx=1", "/mcp", "/ready", "/metrics", "/openapi.json",
)  # fmt: skip


@dataclass(frozen=True)
class Doors:
    own: Door
    nginx: Door

    def differences(self, path: str, method: str = "GET", **headers: str) -> list[str]:
        ours, theirs = (_comparable(door(path, method, **headers)) for door in (self.own, self.nginx))
        return [] if ours == theirs else [f"{method} {path} {headers}:\n  {ours}\n  {theirs}\n"]


def _agree(differences: list[str]) -> None:
    assert not differences, "".join(differences)


def _comparable(answer: Answer) -> Answer:
    """A 304 may tell of the file that it does not send, or not."""
    left_out = OWN | ({"content-type", "content-length"} if answer.status == 304 else set())
    told = {name: value for name, value in answer.headers.items() if name not in left_out}
    return Answer(answer.status, told, answer.body)


@contextmanager
def own_door(page: Path, *, behind_fly: bool = False) -> Iterator[Door]:
    """turbo-server itself, whose folder of the page no variable sets."""
    app = create_app(Settings(database_url="sqlite:///unused.db", web_folder=page, behind_fly=behind_fly))
    config = uvicorn.Config(app, port=(port := free_port()), lifespan="off", log_config=None, server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    try:
        while not server.started:
            thread.join(0.005)
            assert thread.is_alive()
        yield Door(port)
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def both(page: Path, folder: Path, *, behind_fly: bool = False) -> Iterator[Doors]:
    behind = {"TURBO_BEHIND_FLY": str(behind_fly).lower()}
    with (
        own_door(page, behind_fly=behind_fly) as own,
        turbo_web(site(page, folder / "site"), f"http://127.0.0.1:{own.port}", folder / "said", **behind) as nginx,
    ):
        yield Doors(own, nginx)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    with both(fill(folder / "web"), folder) as doors:
        yield doors


ADDRESSES = [*(path for path, _ in FOUND), *MISSING, *MORE]
API = ("/mcp", "/ready", "/metrics", "/openapi.json")  # turbo-server's own: turbo-web passes none of them on
# Neither serves what they lead to: nginx says that they are malformed, turbo-server that nothing is there.
MALFORMED = ("/../outside.html", "/%2e%2e/outside.html", "/..%2foutside.html", "/item/%00",
             "/board/..%2f..%2foutside.html", "/TURBO-12/../../outside.html")  # fmt: skip


@pytest.mark.parametrize("accept", [HTML, "*/*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_address_is_answered_alike(doors: Doors, method: str, accept: str) -> None:
    alike = [path for path in ADDRESSES if path not in API and path not in MALFORMED]
    _agree([wrong for path in alike for wrong in doors.differences(path, method, Accept=accept)])


def test_what_no_browser_would_ask_for_is_refused_by_both(doors: Doors) -> None:
    for path in MALFORMED:
        answers = doors.own(path, Accept=HTML), doors.nginx(path, Accept=HTML)
        assert answers[0].status == 404, path
        assert answers[1].status in (400, 404), path
        assert all(b"hidden" not in each.body and b"nginx" not in each.body for each in answers), path


def test_what_is_found_is_the_file(doors: Doors) -> None:
    for path, name in FOUND:
        assert doors.nginx(path).body.decode() == FILES[name], path


@pytest.mark.parametrize("path", [SCRIPT, "/board"])
def test_the_same_coding_is_chosen(doors: Doors, path: str) -> None:
    _agree([wrong for each in CODINGS for wrong in doors.differences(path, Accept_Encoding=each)])
    assert doors.nginx(SCRIPT, Accept_Encoding=CODINGS[0]).headers["content-encoding"] == "br"
    assert "content-encoding" not in doors.nginx(SCRIPT, Accept_Encoding="br;q=0.0,gzip;q=0").headers


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_what_a_browser_has_it_is_not_sent_again(doors: Doors, coding: str) -> None:
    wrong: list[str] = []
    for path in ("/", SCRIPT, "/TURBO-12"):
        tag = doors.own(path, Accept_Encoding=coding).headers["etag"]
        for known in (tag, f"W/{tag}", f'"x", {tag}', '"x"', "*", tag.strip('"'), f"{tag[:-2]}0{tag[-1]}"):
            wrong += doors.differences(path, Accept_Encoding=coding, If_None_Match=known)
        sent, kept = (doors.nginx(path, Accept_Encoding=coding, If_None_Match=each) for each in ("", tag))
        assert (sent.status, kept.status) == (200, 304)
        assert kept.headers["content-length"] == str(len(sent.body))
        wrong += doors.differences(path, If_Modified_Since="Sun, 29 Nov 2099 00:00:00 GMT", Range="bytes=0-3")
    _agree(wrong)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_a_page_is_only_read(doors: Doors, method: str) -> None:
    paths = ("/board", "/nowhere", "/", "/TURBO-12")
    _agree([wrong for path in paths for wrong in doors.differences(path, method, Accept=HTML)])


@pytest.mark.parametrize("behind_fly", [False, True])
def test_every_real_page_has_the_policy_of_its_own_scripts(tmp_path: Path, *, behind_fly: bool) -> None:
    """A page with scripts, one without, one whose hashes are no hashes."""
    with both(fill(tmp_path / "web"), tmp_path, behind_fly=behind_fly) as doors:
        paths = ("/", "/board", "/TURBO-12", "/nowhere", SCRIPT)
        _agree([wrong for path in paths for wrong in doors.differences(path, Accept=HTML)])
        answer = doors.nginx("/")
        assert re.search(r"script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';", answer.headers["content-security-policy"])
        assert ("strict-transport-security" in answer.headers) is behind_fly


@pytest.mark.parametrize("name", ["a b.js", 'a".js', "a$uri.js", "a;.js", "a\\.js", "ä.js", "a\n.js", "~a", "default"])
def test_a_file_that_could_be_taken_for_configuration_stops_the_build(tmp_path: Path, name: str) -> None:
    page = fill(tmp_path / "web")
    (page / name).write_text("x")
    with pytest.raises(NotServed, match="whose name nginx cannot be told"):
        write(page, tmp_path / "site")


@pytest.mark.parametrize("name", ["index.html", "404.html", "item.html"])
def test_half_an_export_stops_the_build(tmp_path: Path, name: str) -> None:
    page = fill(tmp_path / "web")
    (page / name).unlink()
    with pytest.raises(NotServed, match=f"it has no {name}. `make web` makes one"):
        write(page, tmp_path / "site")
