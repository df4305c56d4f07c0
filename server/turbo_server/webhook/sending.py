"""The one place from which the server sends data to an address that somebody else has chosen.

It speaks HTTP itself, because of what it must be sure of: the very address that was looked at is connected to, nothing
is followed, and of the answer no more is read than its first lines.
"""

import asyncio
import re
import ssl
from dataclasses import dataclass
from functools import lru_cache

from turbo_server import __version__

from .addresses import Target, is_allowed

CONNECT_SECONDS = 5.0
SECONDS = 15.0
ANSWER_BYTES = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |\r)")


class NotSent(Exception):
    """The text names no address beyond what the webhook itself has."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    target: Target
    headers: dict[str, str]
    body: bytes


async def send(outgoing: Outgoing, *, is_hosted: bool) -> int:
    """The status of the answer. Raises NotSent."""
    try:
        async with asyncio.timeout(SECONDS):
            addresses = await _addresses(outgoing.target, is_hosted=is_hosted)
            reader, writer = await _connected(outgoing.target, addresses)
            try:
                writer.write(_request(outgoing))
                await writer.drain()
                return await _status(reader)
            finally:
                writer.transport.abort()  # no farewell: the receiver might let us wait for his
    except TimeoutError:
        raise NotSent(f"no answer within {SECONDS:.0f} seconds") from None
    except ssl.SSLError as error:
        raise NotSent(f"no encrypted connection: {getattr(error, 'verify_message', '') or 'TLS failed'}") from None
    except (OSError, EOFError, asyncio.LimitOverrunError):
        raise NotSent("the connection broke off") from None


async def _addresses(target: Target, *, is_hosted: bool) -> list[str]:
    """All of those that the name stands for must be allowed: one that is not shows what the name is for."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, proto=6)
    except (OSError, UnicodeError):
        raise NotSent("its host has no address") from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses or not all(is_allowed(each, is_hosted=is_hosted) for each in addresses):
        raise NotSent("its host stands for an address that is not of the internet")
    return addresses


async def _connected(target: Target, addresses: list[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    tls, name = (_trust(), target.host) if target.is_encrypted else (None, None)
    for address in addresses:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(
                    address, target.port, limit=ANSWER_BYTES, ssl=tls, server_hostname=name
                )
        except ssl.SSLError:
            raise
        except (OSError, TimeoutError):
            continue
    raise NotSent("nobody answers at its address")


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _request(outgoing: Outgoing) -> bytes:
    headers = {
        "Host": outgoing.target.named,
        "User-Agent": f"turbo-server/{__version__}",
        "Content-Type": "application/json",
        "Content-Length": str(len(outgoing.body)),
        "Connection": "close",
        **outgoing.headers,
    }
    lines = [f"POST {outgoing.target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + outgoing.body


async def _status(reader: asyncio.StreamReader) -> int:
    """What says that the final answer is still to come is passed over. Raises NotSent."""
    for _ in range(3):
        head = await reader.readuntil(b"\r\n\r\n")
        match = _STATUS.match(head)
        if match is None:
            raise NotSent("what answers there does not speak HTTP")
        if (status := int(match[1])) >= 200:
            return status
    raise NotSent("what answers there does not come to an end")
