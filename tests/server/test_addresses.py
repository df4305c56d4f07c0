"""Whose address a request is known by: never one that its sender can choose."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from turbo_server.doors.auth import address_of

SOCKET = ("198.51.100.7", 50123)
FLY, FORWARDED = "Fly-Client-IP", "X-Forwarded-For"


def request(headers: list[tuple[str, str]], *, behind_fly: bool, client: tuple[str, int] | None = SOCKET) -> Request:
    app = SimpleNamespace(state=SimpleNamespace(behind_fly=behind_fly))
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "headers": raw, "client": client, "app": app})


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ([(FLY, "192.0.2.1")], "192.0.2.1"),
        ([(FLY, " 2001:DB8:0::1 ")], "2001:db8::1"),
        ([(FLY, "192.0.2.1"), (FORWARDED, "203.0.113.9")], "192.0.2.1"),
        ([(FORWARDED, "203.0.113.9")], SOCKET[0]),
        ([(FLY, "192.0.2.1"), (FLY, "203.0.113.9")], SOCKET[0]),
        ([(FLY, "192.0.2.1, 203.0.113.9")], SOCKET[0]),
        ([(FLY, "<script>")], SOCKET[0]),
        ([(FLY, "")], SOCKET[0]),
    ],
)
def test_behind_fly_its_proxy_says_who_calls(headers: list[tuple[str, str]], seen: str) -> None:
    assert address_of(request(headers, behind_fly=True)) == seen


@pytest.mark.parametrize("header", [FLY, FORWARDED, "X-Real-IP", "Forwarded"])
def test_elsewhere_no_header_does(header: str) -> None:
    assert address_of(request([(header, "203.0.113.9")], behind_fly=False)) == SOCKET[0]


@pytest.mark.parametrize(
    ("client", "seen"),
    [(("::ffff:192.0.2.1", 1), "192.0.2.1"), (("testclient", 1), None), (("", 0), None), (None, None)],
)
def test_the_address_is_in_its_one_spelling_or_not_there(client: tuple[str, int] | None, seen: str | None) -> None:
    assert address_of(request([], behind_fly=False, client=client)) == seen
