"""Reads the key, the caller's word about itself and the caller's address from a request."""

import re
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection, Request

from turbo_server.kit.context import SEEN, Caller, Seen
from turbo_server.kit.token import holds_key

from .own_page import MixedCredentials, require_own_page, session_of

Network = IPv4Network | IPv6Network
_NAME = re.compile(r"[\x20-\x7e]{1,100}")
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")
_OFFSET = re.compile(r"[+-]?\d{1,3}")


def token_of(request: Request) -> str | None:
    """A session's cookie, or `Authorization: Bearer KEY`, or `X-API-Key: KEY`.

    Raises MixedCredentials, and for a cookie that does not come from its page ForeignOrigin and JsonOnly.
    """
    session = session_of(request)
    if session is None:
        return _key_of(request)
    if "authorization" in request.headers or "x-api-key" in request.headers:
        raise MixedCredentials
    require_own_page(request)
    return session


def _key_of(request: Request) -> str | None:
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
        address=address_of(request),
        client_version=_version(request.headers.get("turbo-client-version", "")),
        seen=request.scope.get(SEEN) or Seen(),
    )


def address_of(connection: HTTPConnection) -> str | None:
    """Where the request comes from: as Fly's proxy saw it where we stand behind that, else the socket's other end.

    Is that a proxy of our own, such as turbo-web, then as that saw it. Never from X-Forwarded-For, which is anybody's.
    """
    nearest = _nearest(connection)
    trusted: tuple[Network, ...] = connection.app.state.trusted_proxies
    if trusted and nearest and _is_in(nearest, trusted):
        told = connection.headers.getlist("turbo-client-address")
        if len(told) == 1 and (address := _address(told[0])):
            return address
    return nearest


def _nearest(connection: HTTPConnection) -> str | None:
    if connection.app.state.behind_fly:
        seen = connection.headers.getlist("fly-client-ip")
        if len(seen) == 1 and (address := _address(seen[0])):
            return address
    return _address(connection.client.host) if connection.client else None


@lru_cache(maxsize=4096)
def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    return any(ip_address(address) in network for network in networks)


@lru_cache(maxsize=4096)
def _address(text: str) -> str | None:
    """In its one spelling, an IPv4 address that came through an IPv6 socket as IPv4; None for what is no address."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


def _name(value: str | None) -> str | None:
    return value if value and _NAME.fullmatch(value) and not holds_key(value) else None


def _version(value: str) -> str | None:
    return value if _VERSION.fullmatch(value) and not holds_key(value) else None


def _only(values: list[str]) -> str | None:
    """Several are none that could be meant: joined, they are refused as malformed."""
    return ", ".join(values) if values else None


def _offset(minutes: str) -> timedelta:
    """Minutes east of UTC; nonsense counts as UTC."""
    if not _OFFSET.fullmatch(minutes) or abs(int(minutes)) > 14 * 60:
        return timedelta()
    return timedelta(minutes=int(minutes))
