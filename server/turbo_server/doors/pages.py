"""The web page on the server's own origin: files, and the headers that bound what may run in it.

Importing it reads no tool, and it answers before the tools are there.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from . import page_rules as rules
from .routes import Open

if TYPE_CHECKING:
    from .export import Export, Exported

API = frozenset({"v1", "mcp", "health", "ready", "openapi.json", "metrics"})  # what other addresses begin with
NO_PAGE = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Turbo-Plan</title>
<h1>Turbo-Plan</h1>
<p>This server runs, and has no web page: it was installed from its source, where the page is not built.
<p>How to get it, and how to sign in then, is told in <code>docs/guides/web.md</code>.
<p>Everything else is here: the API is described in <a href="/openapi.json">/openapi.json</a>, and
<code>turbo-client doctor</code> says whether your machine is set up.
"""


class Pages(Open):
    """Every address that is not of the API. Stands last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: Export | None = None
        self._built: int | None = None
        super().__init__("/{path:path}", self._answer, methods=["GET"])

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not is_read or scope["path"].removeprefix("/").partition("/")[0] in API:
            return Match.NONE, {}
        # Not by its pattern: that leaves out the end of a line, and with it an address is another one.
        return Match.FULL, {"endpoint": self.endpoint, "path_params": {}}

    @property
    def _export(self) -> "Export":
        """Looked through anew after `make web`: the files and the hashes in the policy are those of one build."""
        from .export import Export  # here: most servers are started for something else than their page

        built = _time_of(self._folder / rules.SCRIPTS)
        if self._found is None or built != self._built:
            self._found, self._built = Export(self._folder), built
        return self._found

    async def _answer(self, request: Request) -> Response:
        return await asyncio.to_thread(self._read, request)

    def _read(self, request: Request) -> Response:
        path: str = request.scope["path"].removeprefix("/")
        found = self._export.find(path)
        if found is not None:
            return _sent(request, found, 200)
        if not path:
            return Response(NO_PAGE, headers=_headers(request), media_type="text/html")
        missing = self._export.find("404.html")
        if missing is not None and "text/html" in request.headers.get("accept", ""):
            return _sent(request, missing, 404)
        raise HTTPException(404)


def _time_of(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _sent(request: Request, found: "Exported", status: int) -> Response:
    coding, path = found.encoded(request.headers.get("accept-encoding", ""))
    body = path.read_bytes()
    headers = {
        **_headers(request, found.scripts),
        "ETag": rules.etag(body),
        "Cache-Control": rules.caching(found),
        "Vary": "Accept-Encoding",
        **({"Content-Encoding": coding} if coding else {}),
    }
    known = request.headers.get("if-none-match", "")
    if status == 200 and (headers["ETag"] in known or known.strip() == "*"):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(body))
        body = b""
    headers["Content-Type"] = found.media_type
    return Response(body, status_code=status, headers=headers)


def _headers(request: Request, scripts: tuple[str, ...] = ()) -> dict[str, str]:
    policy = {"Content-Security-Policy": rules.policy(scripts)}
    return {**rules.STEADY, **policy, **(rules.BEHIND_FLY if request.app.state.behind_fly else {})}
