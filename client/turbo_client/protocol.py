"""The two eras of MCP: which one a request belongs to, and what a result looks like in it.

Handshake era (2024-11-05 to 2025-11-25): `initialize`, then plain requests. Modern era (2026-07-28): no handshake;
every request carries its version and the client's capabilities in `_meta`. A request tells its era by itself, so both
are served in one process at the same time.
"""

from __future__ import annotations

from turbo_client import __version__
from turbo_client.json_text import dump
from turbo_client.jsonrpc import INVALID_PARAMS, Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HANDSHAKE_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN_VERSIONS = ("2026-07-28",)
UNSUPPORTED_VERSION = -32022

SERVER_INFO = {"name": "turbo", "title": "Turbo-Plan", "version": __version__}
CAPABILITIES = {"tools": {"listChanged": True}}

SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId"
_VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
_CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
_SERVER_INFO_KEY = "io.modelcontextprotocol/serverInfo"
_MODERN_ONLY = ("server/discover", "subscriptions/listen")


def is_modern(message: dict[str, Any]) -> bool:
    """Whether a request belongs to the modern era. Raises Fault if it does and its envelope is not in order."""
    params = message.get("params", {})
    meta = params.get("_meta")
    enveloped = isinstance(meta, dict) and (_VERSION_KEY in meta or _CAPABILITIES_KEY in meta)
    if message["method"] == "initialize" or not (enveloped or message["method"] in _MODERN_ONLY):
        return False
    _require_envelope(meta if isinstance(meta, dict) else {})
    return True


def _require_envelope(meta: dict[str, Any]) -> None:
    version = meta.get(_VERSION_KEY)
    if not isinstance(version, str):
        raise Fault(INVALID_PARAMS, f"Invalid params: _meta needs {_VERSION_KEY}, a string")
    if version not in MODERN_VERSIONS:
        # All that we speak: a client that shares no modern version with us still shares a handshake one.
        data = {"supported": [*MODERN_VERSIONS, *reversed(HANDSHAKE_VERSIONS)], "requested": version}
        raise Fault(UNSUPPORTED_VERSION, f"Unsupported protocol version: {version[:128]}", data=data)
    if not isinstance(meta.get(_CAPABILITIES_KEY), dict):
        raise Fault(INVALID_PARAMS, f"Invalid params: _meta needs {_CAPABILITIES_KEY}, an object")


def negotiated(params: dict[str, Any]) -> str:
    """The handshake's version: the client's if we speak it, else our newest, as the specification has it."""
    version = params.get("protocolVersion")
    if not isinstance(version, str):
        raise Fault(INVALID_PARAMS, "Invalid params: initialize needs protocolVersion, a string")
    return version if version in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1]


def modern(fields: dict[str, Any], *, ttl_ms: int | None = None, meta: dict[str, Any] | None = None) -> dict[str, Any]:
    """A modern result. `ttl_ms` is for the cacheable ones; what we offer depends on the key, so it is private."""
    result = {"resultType": "complete", "_meta": {_SERVER_INFO_KEY: SERVER_INFO} | (meta or {})} | fields
    return result if ttl_ms is None else result | {"ttlMs": ttl_ms, "cacheScope": "private"}


def with_text(fields: dict[str, Any], key: str, text: str) -> str:
    """The result's JSON with one more field whose value is already JSON."""
    return f'{dump(fields)[:-1]}{"," if fields else ""}"{key}":{text}}}'
