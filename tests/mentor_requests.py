"""What the stand-in of the Messages API is sent: what of it the real one would refuse, and what its tokens are."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_BREAKPOINTS = 4


class Refusal(Exception):
    def __init__(self, status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.type, self.message, self.headers = status, kind, message, headers or {}


@dataclass(frozen=True)
class Sent:
    line: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def question(self) -> str:
        """The last text of the user's side: neither results of tools, nor what a tool result says."""
        texts = [text for message in self.body.get("messages", []) for text in _own_texts(message)]
        return texts[-1] if texts else ""

    @property
    def tool_names(self) -> list[str]:
        return [tool["name"] for tool in self.body.get("tools", [])]

    @property
    def tool_results(self) -> list[dict[str, Any]]:
        return [block for block in _blocks(self.body["messages"][-1]) if block["type"] == "tool_result"]

    @property
    def whole(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


def require_valid(sent: Sent, key: str) -> None:
    """Raises Refusal."""
    given = sent.headers.get("authorization", "").removeprefix("Bearer ") or sent.headers.get("x-api-key")
    if given != key:
        raise Refusal(401, "authentication_error", "API key is not valid")
    if sent.line.split()[:2] != ["POST", "/v1/messages"]:
        raise Refusal(404, "not_found_error", "Not found")
    for problem in _problems(sent.headers, sent.body):
        raise Refusal(400, "invalid_request_error", problem)
    if not sent.body["model"].startswith("claude-"):
        raise Refusal(404, "not_found_error", f"model: {sent.body['model']}")


def prompt_usage(body: dict[str, Any], cached: set[str]) -> dict[str, int]:
    """As prompt caching counts: what stands before the last breakpoint is read from the cache or written to it."""
    running, tokens, read, ends = hashlib.sha256(), 0, 0, [(0, "")]
    for block in _in_order(body):
        marked = block.pop("cache_control", None)
        written = json.dumps(block, sort_keys=True)
        running.update(written.encode())
        tokens += 1 + len(written) // 4
        if marked:
            ends.append((tokens, running.hexdigest()))
            read = tokens if running.hexdigest() in cached else read
    cached.update(digest for _, digest in ends[1:])
    last = ends[-1][0]
    return {
        "input_tokens": tokens - last,
        "cache_creation_input_tokens": last - read,
        "cache_read_input_tokens": read,
    }


def _problems(headers: dict[str, str], body: dict[str, Any]) -> Iterator[str]:
    if "anthropic-version" not in headers:
        yield "anthropic-version: header is required"
    for name in ("model", "max_tokens", "messages"):
        if not body.get(name):
            yield f"{name}: Field required"
    if not body.get("stream"):
        yield "stream: this stand-in streams"
    if body["messages"][0]["role"] != "user":
        yield "messages: first message must use the user role"
    if any(block["type"] == "text" and not block["text"].strip() for block in _in_order(body) if "type" in block):
        yield "messages: text content blocks must be non-empty"
    if sum("cache_control" in block for block in _in_order(body)) > MOST_BREAKPOINTS:
        yield "A maximum of 4 blocks with cache_control may be provided."
    if any(not tool.get("input_schema", {}).get("type") for tool in body.get("tools", [])):
        yield "tools: input_schema.type: Field required"
    yield from _unanswered(body["messages"])


def _unanswered(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message, following in zip(messages, [*messages[1:], {"content": []}], strict=True):
        uses = {block["id"] for block in _blocks(message) if block["type"] == "tool_use"}
        answered = {block["tool_use_id"] for block in _blocks(following) if block["type"] == "tool_result"}
        if uses != answered:
            yield "messages: `tool_use` ids were found without `tool_result` blocks immediately after"
        if any(block["type"] == "thinking" and block["signature"] != "sig" for block in _blocks(message)):
            yield "messages: Invalid `signature` in `thinking` block"


def _in_order(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Copies of all blocks, as the cache sees them: tools, then system, then messages."""
    system = body.get("system") or []
    system = [{"type": "text", "text": system}] if isinstance(system, str) else system
    messages = [block for message in body["messages"] for block in _blocks(message)]
    return [dict(block) for block in (*body.get("tools", []), *system, *messages)]


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _own_texts(message: dict[str, Any]) -> list[str]:
    blocks = _blocks(message) if message["role"] == "user" else []
    return [block["text"] for block in blocks if block["type"] == "text"]
