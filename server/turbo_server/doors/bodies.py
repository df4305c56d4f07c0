"""Reads the bodies of requests, and bounds what all of them together may cost while they arrive."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.requests import Request

from turbo_server.kit.database_errors import ServerBusy
from turbo_server.kit.errors import BODY_LIMIT, TooLarge, TooSlow
from turbo_server.kit.large_body import LargeBody
from turbo_server.kit.runner import Authenticator

from .auth import token_of

SMALL = 64 * 1024  # about what a connection costs before anybody has looked at it
LARGE_AT_ONCE = 16
BODY_SECONDS = 20.0  # one that takes longer is given up, and its memory with it
ALONE_SECONDS = 120.0  # for one of those that come one at a time: 10 MiB over a slow line
TURN_SECONDS = 10.0  # that another waits for its turn


class Bodies:
    """Of one application."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator
        self._places = asyncio.Semaphore(LARGE_AT_ONCE)
        self._turn = asyncio.Semaphore(1)

    async def read(self, request: Request) -> bytes:
        """Raises TooLarge as soon as the limit is passed, whatever Content-Length says, and TooSlow.

        A large one is read on only for something that looks like a key, and when there is a place for it: until then
        its sender has to wait.
        """
        chunks = request.stream()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(chunks, bytearray(), SMALL)
                if len(body) <= SMALL:
                    return bytes(body)
                self._authenticator.check(token_of(request))
                async with self._places:
                    body = await _read(chunks, body, BODY_LIMIT)
        except TimeoutError:
            raise TooSlow from None
        if len(body) > BODY_LIMIT:
            raise TooLarge
        return bytes(body)

    @contextlib.asynccontextmanager
    async def alone(self, request: Request, large: LargeBody) -> AsyncIterator[bytes]:
        """The body of somebody who may make the call; no other of that size is read until it is over. Raises
        ServerBusy, TooLarge and TooSlow."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise ServerBusy from None
        try:
            try:
                async with asyncio.timeout(ALONE_SECONDS):
                    body = await _read(request.stream(), bytearray(), large.most_bytes)
            except TimeoutError:
                raise TooSlow from None
            if len(body) > large.most_bytes:
                raise TooLarge(large.most_bytes, large.hint)
            yield bytes(body)
        finally:
            self._turn.release()


async def _read(chunks: AsyncIterator[bytes], body: bytearray, limit: int) -> bytearray:
    """To the end, or until it is over the limit."""
    while len(body) <= limit:
        chunk = await anext(chunks, None)
        if chunk is None:
            break
        body += chunk
    return body
