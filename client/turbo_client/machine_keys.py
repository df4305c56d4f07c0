"""The keys of a person's machines, as the server keeps them: made, listed, renamed, revoked, rotated."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from turbo_client import api_key
from turbo_client.answers import Answer
from turbo_client.backend import Request
from turbo_client.errors import MalformedKey, OutcomeUnknown, Refused, ServerTooOld

Ask = Callable[[Request], Answer]  # with the key that acts
_PATH = "/v1/keys"


class MachineKey:
    """Its repr never shows the value."""

    __slots__ = ("id", "value")

    def __init__(self, answer: dict[str, Any]) -> None:
        key, key_id = answer.get("key"), answer.get("id")
        try:
            self.value = api_key.require_sound(key if isinstance(key, str) else "", "the server's answer")
        except MalformedKey:
            raise OutcomeUnknown("The server made a key and did not tell it.", "Is it a Turbo-Plan server?") from None
        self.id = str(key_id) if isinstance(key_id, int) else ""

    def __repr__(self) -> str:
        return f"MachineKey(id={self.id})"


def make(ask: Ask, machine: str, scope: str | None = None) -> MachineKey:
    """Raises ServerTooOld and CallFailed."""
    given = {"name": machine, "machine": machine} | ({"scope": scope} if scope else {})
    return MachineKey(_sent(ask, "POST", _PATH, given))


def rotate(ask: Ask) -> MachineKey:
    """A new secret for the key that acts: it takes over when it is first used, and not before."""
    return MachineKey(_sent(ask, "POST", f"{_PATH}/rotate", {}))


def listed(ask: Ask) -> list[dict[str, Any]]:
    items = _sent(ask, "GET", _PATH, None).get("items")
    if not isinstance(items, list):
        raise OutcomeUnknown("The server's list of keys is not one.", "Is it a Turbo-Plan server?")
    return [item for item in items if isinstance(item, dict)]


def rename(ask: Ask, key_id: int, name: str) -> None:
    _sent(ask, "POST", f"{_PATH}/rename", {"id": key_id, "name": name})


def revoke(ask: Ask, key_id: int) -> str:
    """What it was called."""
    return str(_sent(ask, "DELETE", _PATH, {"id": key_id}).get("name", ""))


def _sent(ask: Ask, method: str, path: str, given: dict[str, Any] | None) -> dict[str, Any]:
    body = json.dumps(given).encode() if given is not None else b""
    try:
        return ask(Request(method, path, body=body, reads=method == "GET")).json_object()
    except Refused as refusal:
        if refusal.status == 405 or (refusal.status == 404 and refusal.code == "not_found"):
            raise ServerTooOld(
                "This server is too old to keep a key for each machine.", "Have it updated: see its CHANGELOG."
            ) from None
        raise


def ends_in(expires_at: str, now: datetime | None = None) -> int | None:
    """Whole days until a moment as the server writes it; None for no such moment."""
    try:
        left = datetime.fromisoformat(expires_at) - (now or datetime.now(UTC))
    except (ValueError, TypeError):
        return None
    return left.days


def told_end(expires_at: str, *, renews: bool) -> str:
    """`renews`: the program that keeps the key renews it in time."""
    days = ends_in(expires_at)
    if days is None:
        return "never expires"
    if days < 0:
        return f"expired on {expires_at[:10]}"
    when = f"expires in {days} day{'' if days == 1 else 's'}"
    return f"{when}, renewed by itself while it is used" if renews else when
