"""The only file that speaks with Anthropic's API: a request, its stream, and what its failures mean."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from turbo_server.mentor_settings import MentorSettings

from . import problems
from .prices import Tokens
from .problems import AnswerProblem

log = logging.getLogger("turbo_server")
MAX_TOKENS = 8_000
CHARACTERS_A_TOKEN = 3
_SPENT = frozenset({"contract_spend_limit_reached", "enforced_spend_limit_reached", "ramp_limit_exceeded"})
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """One round's. `content` is what goes back to the model with the results of the tools that it wants."""

    text: str
    content: list[Block]
    uses: list[Block]
    stop: str
    tokens: Tokens


@dataclass(slots=True)
class Heard:
    """What has come of a reply so far: also of one that then breaks off."""

    text: str = ""
    tokens: Tokens = field(default_factory=Tokens)
    extra: int = 0  # characters that are no text: thoughts, and what tools are to be given

    @property
    def least(self) -> Tokens:
        """What was used at least, as far as it is known before the end."""
        known, guessed = self.tokens, (len(self.text) + self.extra) // CHARACTERS_A_TOKEN
        return Tokens(known.input, max(known.output, guessed), known.cache_write, known.cache_read)


class Claude:
    """`hear` is told after every piece that comes."""

    def __init__(self, library: Any, client: Any, settings: MentorSettings) -> None:
        self._library = library
        self._client = client
        self._settings = settings

    async def reply(self, request: Mapping[str, Any], heard: Heard, hear: Callable[[], Awaitable[None]]) -> Reply:
        """Raises AnswerProblem."""
        try:
            async with asyncio.timeout(self._settings.one_reply):
                return await self._stream(request, heard, hear)
        except TimeoutError:
            raise problems.silent() from None
        except self._library.APIStatusError as error:
            raise _meaning(error, str(request["model"])) from None
        except self._library.APITimeoutError:
            raise problems.unreachable() from None
        except self._library.APIConnectionError:
            raise problems.unreachable() from None
        except self._http.TimeoutException:
            raise problems.silent() from None
        except self._http.TransportError:
            raise problems.broken_off() from None

    @property
    def _http(self) -> Any:
        """What its connections are made with: a stream that breaks raises that library's own errors."""
        import httpx2  # here: it comes with anthropic

        return httpx2

    async def _stream(self, request: Mapping[str, Any], heard: Heard, hear: Callable[[], Awaitable[None]]) -> Reply:
        async with self._client.messages.stream(**request) as stream:
            async for event in stream:
                _hear(event, heard)
                await hear()
            message = await stream.get_final_message()
        if message.stop_reason is None:
            raise problems.broken_off()
        heard.tokens = _tokens(message.usage)
        content = [block for each in message.content if (block := _as_given(each))]
        uses = [block for block in content if block["type"] == "tool_use"]
        text = "\n\n".join(each.text for each in message.content if each.type == "text").strip()
        return Reply(text, content, uses, message.stop_reason, heard.tokens)


@asynccontextmanager
async def open_claude(settings: MentorSettings) -> AsyncIterator[Claude]:
    """Loads the library, the first time for more than a second: in a thread, beside the calls."""
    library, client = await asyncio.to_thread(_make, settings)
    async with client:
        yield Claude(library, client, settings)


def _make(settings: MentorSettings) -> tuple[Any, Any]:
    import anthropic  # here: a server that is never asked shall not have it in memory

    timeout = anthropic.Timeout(settings.silence, connect=settings.connect)
    # A proxy from the environment must never see a key that goes to this machine in the clear.
    http = anthropic.DefaultAsyncHttpxClient(trust_env=not settings.is_loopback, follow_redirects=False)
    client = anthropic.AsyncAnthropic(
        api_key=settings.api_key, base_url=settings.base_url, timeout=timeout, http_client=http,
        max_retries=0,  # the job tries again: with the turn's state in the database
    )  # fmt: skip
    return anthropic, client


def _hear(event: Any, heard: Heard) -> None:
    match event.type:
        case "message_start":
            heard.tokens = _tokens(event.message.usage)
        case "content_block_delta":
            delta = event.delta
            heard.text += getattr(delta, "text", "") or ""
            heard.extra += len(getattr(delta, "thinking", "") or "") + len(getattr(delta, "partial_json", "") or "")


def _tokens(usage: Any) -> Tokens:
    return Tokens(
        usage.input_tokens or 0,
        usage.output_tokens or 0,
        usage.cache_creation_input_tokens or 0,
        usage.cache_read_input_tokens or 0,
    )


def _as_given(block: Any) -> Block | None:
    """A block of a reply as the API takes it back: a thought must come back to the letter."""
    match block.type:
        case "text":
            return {"type": "text", "text": block.text} if block.text.strip() else None
        case "thinking":
            return {"type": "thinking", "thinking": block.thinking, "signature": block.signature}
        case "redacted_thinking":
            return {"type": "redacted_thinking", "data": block.data}
        case "tool_use":
            return {"type": "tool_use", "id": block.id, "name": block.name, "input": block.input}
    return None


def _meaning(error: Any, model: str) -> AnswerProblem:
    """The API's own words are not passed on: they may repeat what it was sent."""
    seconds = _retry_after(error)
    log.warning("anthropic answered %s %s (request %s)", error.status_code, error.type, error.request_id)
    match (error.status_code, error.type):
        case (_, "overloaded_error") | (529, _):
            return problems.overloaded(seconds)
        case (401 | 403, _) | (_, "authentication_error" | "permission_error"):
            return problems.key_refused()
        case (402, _) | (_, "billing_error"):
            return problems.no_credit()
        case (429, _) | (_, "rate_limit_error"):
            return problems.no_credit() if error.error_code in _SPENT else problems.limited(seconds)
        case (404, _):
            return problems.model_unknown(model)
        case (413, _):
            return problems.too_long()
        case (400, _) | (_, "invalid_request_error"):
            return _bad_request(str(error.api_message or "").lower())
        case _:
            return problems.unavailable()


def _bad_request(words: str) -> AnswerProblem:
    if "credit balance" in words:
        return problems.no_credit()
    if "too long" in words or "exceed context" in words:
        return problems.too_long()
    log.error("anthropic does not take the request: %s", words[:300])
    return problems.rejected()


def _retry_after(error: Any) -> float | None:
    value = error.response.headers.get("retry-after", "")
    return float(value[:9]) if value.isascii() and value.isdigit() else None
