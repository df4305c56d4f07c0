"""Where a webhook may lead: never into the network that the server stands in, whatever a name stands for."""

import asyncio
import contextlib
import ssl
from pathlib import Path
from typing import Any

import pytest

from bench.certificates import write_certificate
from tests.server.receiver import receiver
from turbo_server.webhook import sending
from turbo_server.webhook.addresses import is_allowed, read_target
from turbo_server.webhook.sending import NotSent, Outgoing, send

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
INSIDE = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254",
    "0.0.0.0", "0.1.2.3", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "fe80::1", "fc00::1", "fdaa::3", "fdaa:0:33:a7b::3", "fec0::1", "ff02::1", "2001:db8::1", "2002:a00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1",
    "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "5f00::1",
    "fe80::1%eth0", "nonsense", "",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_is_allowed(address: str) -> None:
    assert is_allowed(address, is_hosted=True)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_even_for_a_developer(address: str) -> None:
    assert not is_allowed(address, is_hosted=True)
    assert not is_allowed(address, is_hosted=False)


@pytest.mark.parametrize("address", LOOPBACK)
def test_this_machine_is_for_a_developer_alone(address: str) -> None:
    assert not is_allowed(address, is_hosted=True)
    assert is_allowed(address, is_hosted=False)


def sent(url: str, *, is_hosted: bool = False) -> int:
    target = read_target(url, is_hosted=is_hosted)
    return asyncio.run(send(Outgoing(target, {"webhook-id": "msg_1"}, b"{}"), is_hosted=is_hosted))


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:1/", "https://localhost/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"]
)
def test_however_this_machine_is_written_a_hosted_server_does_not_speak_with_it(url: str) -> None:
    with pytest.raises(NotSent, match=r"not of the internet|no address"):
        sent(url, is_hosted=True)


def answering_names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Each look-up of a name gets the next of the answers, then always the last."""
    asked: list[str] = []

    async def getaddrinfo(_loop: object, host: str, port: int, **_options: object) -> list[Any]:
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_one_address_inside_is_enough_to_refuse_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answering_names(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(NotSent, match="not of the internet"):
        sent("https://example.com/", is_hosted=True)


def test_a_name_that_stands_for_something_else_a_moment_later_leads_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The address that was looked at is the one that is connected to: the name is asked for once."""
    connected: list[str] = []

    async def open_connection(host: str, *_given: object, **_options: object) -> Any:
        connected.append(host)
        raise OSError

    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    asked = answering_names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(NotSent, match="nobody answers"):
        sent("https://example.com/", is_hosted=True)
    assert (asked, connected) == (["example.com"], ["93.184.216.34"])


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A receiver's, for localhost, which the sender trusts."""
    bundle, certificate, key = write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    sending._trust.cache_clear()
    return context


def test_an_encrypted_receiver_is_who_it_says(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver(tls) as somebody:
        assert sent(f"https://localhost:{somebody.port}/") == 204
        assert somebody.heads[0]["Host"] == f"localhost:{somebody.port}"
        answering_names(monkeypatch, ["127.0.0.1"])
        with pytest.raises(NotSent, match="no encrypted connection: Hostname mismatch"):
            sent(f"https://example.com:{somebody.port}/")
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        sending._trust.cache_clear()
        with pytest.raises(NotSent, match="no encrypted connection"):
            sent(f"https://localhost:{somebody.port}/")
    sending._trust.cache_clear()
    assert len(somebody.bodies) == 1


def test_who_does_not_answer_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.2)

    async def go() -> None:
        left = asyncio.Event()

        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                await reader.read()
            writer.close()
            left.set()

        async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
            port = silent.sockets[0].getsockname()[1]
            target = read_target(f"http://127.0.0.1:{port}/", is_hosted=False)
            try:
                await send(Outgoing(target, {}, b"{}"), is_hosted=False)
            finally:
                await left.wait()

    with pytest.raises(NotSent, match="no answer within"):
        asyncio.run(go())
