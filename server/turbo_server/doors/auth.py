"""Reads the key and the caller's word about itself from a request's headers."""

import re
from datetime import timedelta

from starlette.requests import Request

from turbo_server.kit.context import Caller

_NAME = re.compile(r"[\x20-\x7e]{1,100}")
_OFFSET = re.compile(r"[+-]?\d{1,3}")


def token_of(request: Request) -> str | None:
    """`Authorization: Bearer KEY` first, then `X-API-Key: KEY`."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return request.headers.get("x-api-key")


def caller_of(request: Request) -> Caller:
    return Caller(
        machine=_name(request.headers.get("turbo-machine")),
        session=_name(request.headers.get("turbo-session")),
        utc_offset=_offset(request.headers.get("turbo-utc-offset", "")),
        idempotency_key=_only(request.headers.getlist("idempotency-key")),
    )


def _name(value: str | None) -> str | None:
    return value if value and _NAME.fullmatch(value) else None


def _only(values: list[str]) -> str | None:
    """Several are none that could be meant: joined, they are refused as malformed."""
    return ", ".join(values) if values else None


def _offset(minutes: str) -> timedelta:
    """Minutes east of UTC; nonsense counts as UTC."""
    if not _OFFSET.fullmatch(minutes) or abs(int(minutes)) > 14 * 60:
        return timedelta()
    return timedelta(minutes=int(minutes))
