"""What the stand-in of the Messages API can be told to answer."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.mentor_requests import Refusal

# How a stream ends: as it should, in silence, torn off, politely but too early, or with an error event.
Ending = Literal["whole", "mute", "cut", "short", "error"]


@dataclass(frozen=True)
class Block:
    begun: dict[str, Any]
    deltas: list[dict[str, Any]]

    @property
    def size(self) -> int:
        return sum(len(str(value)) for delta in self.deltas for value in delta.values())


@dataclass(frozen=True)
class Reply:
    """With a `gate`, the stream stays where it is after its first words until the gate is set."""

    blocks: list[Block] = field(default_factory=list)
    stop_reason: str = "end_turn"
    stop_details: dict[str, Any] | None = None
    ending: Ending = "whole"
    error_type: str = "overloaded_error"
    error: Refusal | None = None
    gate: threading.Event | None = None
    tokens: int | None = None

    @property
    def output_tokens(self) -> int:
        return self.tokens if self.tokens is not None else 1 + sum(block.size for block in self.blocks) // 4


def says(text: str, *, stop: str = "end_turn", gate: threading.Event | None = None, tokens: int | None = None) -> Reply:
    return Reply([_text(text)], stop_reason=stop, gate=gate, tokens=tokens)


def thinks_and_says(thought: str, text: str) -> Reply:
    return Reply([_thought(thought), _text(text)])


def calls(name: str, arguments: dict[str, Any], text: str = "", use: str = "toolu_01") -> Reply:
    """Wants a tool, after some words and a thought: as the newer models do."""
    words = [_text(text)] if text else []
    return Reply([_thought("Let me look."), *words, _tool_use(name, arguments, use)], stop_reason="tool_use")


def refuses(category: str = "cyber") -> Reply:
    details = {"type": "refusal", "category": category, "explanation": None}
    return Reply([_text("I ")], stop_reason="refusal", stop_details=details)


def breaks(ending: Ending, text: str = "Half of an ans", error_type: str = "overloaded_error") -> Reply:
    return Reply([_text(text)], ending=ending, error_type=error_type)


def fails(status: int, kind: str, message: str = "", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(error=Refusal(status, kind, message or kind, named))


def overloaded(**headers: str) -> Reply:
    return fails(529, "overloaded_error", "Overloaded", **headers)


def limited(seconds: int) -> Reply:
    return fails(429, "rate_limit_error", "This request would exceed your rate limit.", retry_after=str(seconds))


def no_credit() -> Reply:
    return fails(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.")


def _text(text: str) -> Block:
    """In pieces that break words, and characters of several bytes stay whole."""
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    return Block({"type": "text", "text": ""}, [{"type": "text_delta", "text": piece} for piece in pieces])


def _thought(text: str) -> Block:
    begun = {"type": "thinking", "thinking": "", "signature": ""}
    return Block(begun, [{"type": "thinking_delta", "thinking": text}, {"type": "signature_delta", "signature": "sig"}])


def _tool_use(name: str, arguments: dict[str, Any], use: str) -> Block:
    written = json.dumps(arguments)
    pieces = [written[at : at + 9] for at in range(0, len(written), 9)]
    begun = {"type": "tool_use", "id": use, "name": name, "input": {}}
    return Block(begun, [{"type": "input_json_delta", "partial_json": piece} for piece in ["", *pieces]])
