"""A backend whose work is the same through both doors, REST and streamable HTTP: `stand_in.py PORT [CERT KEY]`.

turbo-client speaks to the first, mcp-remote to the second. A call does nothing but answer, so that what is measured
is the way through the client. The MCP door is plain JSON by hand: it costs a bridge less than the SDK's would.
"""

import asyncio
import json
import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from turbo_server.catalogue import Catalogue

TOOL_COUNT = 25
ETAG = '"stand-in"'
INSTRUCTIONS = "Issues, work logs and status of a team. get_status shows where things stand. " * 8
ANSWER = {
    "key": "TURBO-12",
    "title": "Keep the list short",
    "status": "ready",
    "created": True,
    "items": ["x" * 40] * 4,
}
WAITING_TOOL = "wait"


def tools() -> list[dict[str, Any]]:
    """The server's own, under numbered names until there are enough, and one that only answers when it is let go."""
    own = [tool.listing for tool in Catalogue().tools.values()]
    numbered = [own[number % len(own)] | {"name": f"tool_{number}"} for number in range(TOOL_COUNT - 1)]
    return [*numbered, own[0] | {"name": WAITING_TOOL}]


class Doors:
    def __init__(self) -> None:
        self._tools = tools()
        self._arrived = asyncio.Event()
        self._released = asyncio.Event()

    async def health(self, _request: Request) -> Response:
        return _json({"status": "ok"})

    async def release(self, _request: Request) -> Response:
        """Lets the waiting call go, which may still be on its way."""
        await self._arrived.wait()
        self._released.set()
        self._arrived, self._released = asyncio.Event(), asyncio.Event()
        return _json({})

    async def me(self, _request: Request) -> Response:
        key = {"id": 1, "name": "bench", "last4": "0000"}
        return _json({"name": "ada", "workspace": "personal", "key": key, "server_version": "0"})

    async def catalogue(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == ETAG:
            return Response(status_code=304, headers={"ETag": ETAG})
        return _json({"instructions": INSTRUCTIONS, "tools": self._tools}, {"ETag": ETAG})

    async def call(self, request: Request) -> Response:
        arguments = json.loads(await request.body())
        return _json(await self._work(request.path_params["name"], arguments), {"Turbo-Catalogue": ETAG})

    async def mcp(self, request: Request) -> Response:
        message = json.loads(await request.body())
        if "id" not in message:
            return Response(status_code=202)
        answer = {"jsonrpc": "2.0", "id": message["id"]}
        match message["method"]:
            case "initialize":
                version = message["params"]["protocolVersion"]
                info = {"name": "stand-in", "version": "1"}
                result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
                return _json(answer | {"result": result | {"instructions": INSTRUCTIONS}})
            case "tools/list":
                return _json(answer | {"result": {"tools": self._tools}})
            case "tools/call":
                done = await self._work(message["params"]["name"], message["params"]["arguments"])
                content = [{"type": "text", "text": json.dumps(done)}]
                return _json(answer | {"result": {"content": content, "structuredContent": done}})
        return _json(answer | {"error": {"code": -32601, "message": "Method not found"}})

    async def _work(self, name: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        if name == WAITING_TOOL:
            self._arrived.set()
            await self._released.wait()
        return ANSWER


def _json(value: object, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(value), media_type="application/json", headers=headers)


def app() -> Starlette:
    doors = Doors()
    return Starlette(
        routes=[
            Route("/health", doors.health),
            Route("/release", doors.release, methods=["POST"]),
            Route("/v1/me", doors.me),
            Route("/v1/keys", doors.me, methods=["GET"]),  # as a server that makes no keys for machines
            Route("/v1/tools", doors.catalogue),
            Route("/v1/tools/{name}", doors.call, methods=["POST"]),
            Route("/mcp", doors.mcp, methods=["POST"]),
        ]
    )


def main(port: str, certificate: str | None = None, key: str | None = None) -> None:
    uvicorn.run(app(), port=int(port), log_level="warning", access_log=False, ssl_certfile=certificate, ssl_keyfile=key)


if __name__ == "__main__":
    main(*sys.argv[1:])
