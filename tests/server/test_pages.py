"""The web page on the server's own origin: which file an address answers, and what the headers bound."""

import asyncio
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from tests.server.page_files import FILES, FOUND, HASH, MISSING, fill
from turbo_server.app import create_app, create_waking_app
from turbo_server.doors import page_rules
from turbo_server.settings import Settings

HTML = {"Accept": "text/html,*/*;q=0.8"}


@dataclass
class Site:
    app: FastAPI

    def __call__(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(
                    method, f"http://turbo.test{path}", headers={"Accept-Encoding": "identity", **headers}
                )

        return asyncio.run(ask())


def site_of(folder: Path, *, behind_fly: bool = False) -> Site:
    return Site(create_app(Settings(database_url="sqlite:///unused.db", web_folder=folder, behind_fly=behind_fly)))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "outside.html").write_text("hidden")
    folder = fill(tmp_path / "web")
    (folder / "leads-out.html").symlink_to(tmp_path / "outside.html")
    return site_of(folder)


@pytest.mark.parametrize(("path", "name"), FOUND)
def test_an_address_answers_its_file(site: Site, path: str, name: str) -> None:
    answer = site(path)
    assert (answer.status_code, answer.text) == (200, FILES[name])
    kind = {"html": "text/html", "txt": "text/plain", "svg": "image/svg+xml", "js": "text/javascript"}
    assert answer.headers["content-type"].startswith(kind[name.rpartition(".")[2]])


@pytest.mark.parametrize("path", MISSING)
def test_nothing_else_is_answered(site: Site, path: str) -> None:
    for accept, expected in (("text/html", FILES["404.html"]), ("*/*", "There is nothing at this address.")):
        answer = site(path, Accept=accept)
        assert answer.status_code == 404, path
        assert expected in answer.text
        assert "hidden" not in answer.text


@pytest.mark.parametrize("path", ["/v1", "/v1/nothing", "/mcp", "/metrics/x"])
def test_the_api_answers_as_ever(site: Site, path: str) -> None:
    answer = site(path, **HTML)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert site("/health").json() == {"status": "ok"}
    assert site("/board", "POST").json()["error"]["code"] == "not_found"


def test_what_is_named_by_its_content_is_kept_and_the_rest_asked_for_again(site: Site) -> None:
    script, page = site("/_next/static/chunks/app-0f3a.js"), site("/board")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.headers["cache-control"] == "no-cache"
    digest = hashlib.sha256(FILES["board.html"].encode()).hexdigest()[:32]
    assert page.headers["etag"] == f'"{digest}"'
    again = site("/board", **{"If-None-Match": f'W/"x", "{digest}"'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", f'"{digest}"')
    assert site("/board", **{"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip;q=1.0, br;q=0", "gzip"), ("BR", "br"), ("deflate", None),
        ("gzip;q=0.000", None), ("", None), ("brotli", None),
    ],
)  # fmt: skip
def test_the_smallest_that_is_taken_is_sent(site: Site, accepted: str, coding: str | None) -> None:
    path = "_next/static/chunks/app-0f3a.js"
    ends = {"br": ".br", "gzip": ".gz", None: ""}

    async def ask() -> tuple[bytes, httpx.Headers]:
        """As it is sent: it is no real packing, and httpx would unpack it."""
        transport = httpx.ASGITransport(site.app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://turbo.test") as client,
            client.stream("GET", f"/{path}", headers={"Accept-Encoding": accepted}) as answer,
        ):
            return b"".join([part async for part in answer.aiter_raw()]), answer.headers

    body, headers = asyncio.run(ask())
    assert body.decode() == FILES[path + ends[coding]]
    assert headers.get("content-encoding") == coding
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["etag"] == f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def test_a_head_is_told_how_long_it_would_be(site: Site) -> None:
    answer = site("/board", "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(FILES["board.html"]))


def test_only_scripts_of_the_origin_or_of_the_build_run(site: Site) -> None:
    policy = site("/").headers["content-security-policy"]
    assert f"script-src 'self' '{HASH}';" in policy
    assert "default-src 'self';" in policy
    for path in ("/board", "/TURBO-12", "/nowhere", "/icon.svg"):
        policy = site(path, **HTML).headers["content-security-policy"]
        assert "script-src 'self';" in policy, path
    for word in ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert word in policy
    assert "unsafe" not in policy.partition("style-src")[0]


@pytest.mark.parametrize("told", ["", "[]", '{"index.html": 7}', '{"index.html": "', "\x00"])
def test_without_readable_hashes_no_script_of_a_page_runs(tmp_path: Path, told: str) -> None:
    (fill(tmp_path) / page_rules.SCRIPTS).write_text(told)
    assert "script-src 'self';" in site_of(tmp_path)("/").headers["content-security-policy"]


@pytest.mark.parametrize("behind_fly", [False, True])
def test_every_page_has_the_headers_that_bound_it(tmp_path: Path, *, behind_fly: bool) -> None:
    site = site_of(fill(tmp_path), behind_fly=behind_fly)
    for path in ("/", "/_next/static/chunks/app-0f3a.js", "/nowhere"):
        headers = site(path, **HTML).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers.get("strict-transport-security") == ("max-age=31536000" if behind_fly else None)


@pytest.mark.parametrize("exists", [False, True])
def test_without_an_export_the_origin_says_how_to_get_one(tmp_path: Path, *, exists: bool) -> None:
    folder = tmp_path / "web"
    if exists:
        folder.mkdir()
        (folder / ".gitkeep").touch()
    site = site_of(folder)
    answer = site("/")
    assert answer.status_code == 200
    assert "docs/guides/web.md" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    missing = site("/board", **HTML)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


def test_pages_do_not_wait_for_the_tools(tmp_path: Path) -> None:
    settings = Settings(database_url="sqlite:///unused.db", web_folder=fill(tmp_path))
    app, _ = create_waking_app(settings)
    site = Site(app)
    assert site("/TURBO-12").text == FILES["item.html"]
    assert not hasattr(app.state, "runner")
    assert site("/openapi.json").status_code == 200
    assert site("/TURBO-12").text == FILES["item.html"]


def test_a_page_that_is_built_anew_is_served_with_its_own_policy_by_the_server_that_runs(tmp_path: Path) -> None:
    site = site_of(fill(tmp_path / "web"))
    assert site("/board").text == "<h1>Board</h1>"
    fresh = fill(tmp_path / "fresh")
    (fresh / "board.html").write_text("<h1>New</h1><script>new()</script>")
    (fresh / "timeline.html").write_text("<h1>Timeline</h1>")
    (fresh / "csp.json").write_text(json.dumps({"board.html": [f"sha256-{'B' * 43}="]}))
    shutil.rmtree(tmp_path / "web")
    assert site("/board", **HTML).status_code == 404
    fresh.rename(tmp_path / "web")
    answer = site("/board")
    assert answer.text == "<h1>New</h1><script>new()</script>"
    assert f"'sha256-{'B' * 43}='" in answer.headers["content-security-policy"]
    assert site("/timeline").text == "<h1>Timeline</h1>"
