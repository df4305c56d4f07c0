"""Whose address a request is known by: never one that its sender can choose."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from turbo_server.doors.auth import address_of
from turbo_server.settings import BadSettings, read_settings

SOCKET = ("198.51.100.7", 50123)
FLY, FORWARDED, TOLD = "Fly-Client-IP", "X-Forwarded-For", "Turbo-Client-Address"
PRIVATE = "fdaa:0:2d:a7b::3"


def request(
    headers: list[tuple[str, str]], *, behind_fly: bool, client: tuple[str, int] | None = SOCKET, proxies: str = ""
) -> Request:
    trusted = read_settings({"TURBO_TRUSTED_PROXIES": proxies}).trusted_proxies
    app = SimpleNamespace(state=SimpleNamespace(behind_fly=behind_fly, trusted_proxies=trusted))
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


@pytest.mark.parametrize("header", [FLY, FORWARDED, TOLD, "X-Real-IP", "Forwarded"])
def test_elsewhere_no_header_does(header: str) -> None:
    assert address_of(request([(header, "203.0.113.9")], behind_fly=False)) == SOCKET[0]


@pytest.mark.parametrize(
    ("client", "seen"),
    [(("::ffff:192.0.2.1", 1), "192.0.2.1"), (("testclient", 1), None), (("", 0), None), (None, None)],
)
def test_the_address_is_in_its_one_spelling_or_not_there(client: tuple[str, int] | None, seen: str | None) -> None:
    assert address_of(request([], behind_fly=False, client=client)) == seen


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ([(FLY, PRIVATE), (TOLD, "192.0.2.1")], "192.0.2.1"),
        ([(FLY, PRIVATE), (TOLD, " 2001:DB8:0::1 ")], "2001:db8::1"),
        ([(FLY, PRIVATE)], PRIVATE),
        ([(FLY, PRIVATE), (TOLD, "192.0.2.1"), (TOLD, "203.0.113.9")], PRIVATE),
        ([(FLY, PRIVATE), (TOLD, "192.0.2.1, 203.0.113.9")], PRIVATE),
        ([(FLY, PRIVATE), (TOLD, "nobody")], PRIVATE),
        ([(FLY, PRIVATE), (FORWARDED, "192.0.2.1")], PRIVATE),
        ([(FLY, "192.0.2.1"), (TOLD, "203.0.113.9")], "192.0.2.1"),
        ([(FLY, PRIVATE), (FLY, PRIVATE), (TOLD, "203.0.113.9")], SOCKET[0]),
        ([(TOLD, "203.0.113.9")], SOCKET[0]),
    ],
)
def test_a_proxy_of_our_own_says_who_calls_and_nobody_else_does(headers: list[tuple[str, str]], seen: str) -> None:
    assert address_of(request(headers, behind_fly=True, proxies="10.0.0.7, fdaa::/16")) == seen


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [("198.51.100.0/24", "203.0.113.9"), ("198.51.100.7", "203.0.113.9"), ("198.51.100.8,2000::/3", SOCKET[0])],
)
def test_a_proxy_is_known_by_its_connection_where_there_is_no_fly(proxies: str, seen: str) -> None:
    assert address_of(request([(TOLD, "203.0.113.9")], behind_fly=False, proxies=proxies)) == seen


@pytest.mark.parametrize("proxies", ["0.0.0.0/0", "10.0.0.7,::/0"])
def test_nobody_believes_everybody(proxies: str) -> None:
    with pytest.raises(BadSettings, match="TURBO_TRUSTED_PROXIES names everybody"):
        read_settings({"TURBO_TRUSTED_PROXIES": proxies})


@pytest.mark.parametrize("proxies", ["turbo-web", "10.0.0.7/8", "10.0.0.7 10.0.0.8", "fdaa::/129"])
def test_what_is_no_network_is_told(proxies: str) -> None:
    with pytest.raises(BadSettings, match="TURBO_TRUSTED_PROXIES must be addresses or networks, by commas"):
        read_settings({"TURBO_TRUSTED_PROXIES": proxies})
