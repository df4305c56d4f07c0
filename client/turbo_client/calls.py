"""One tools/call: through the server and back as a result of MCP, failures included."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from turbo_client import onboarding
from turbo_client.answers import Answer
from turbo_client.attempts import KEY_HEADER
from turbo_client.backend import Request
from turbo_client.caller import caller_headers, fits_header
from turbo_client.catalogue import Catalogue
from turbo_client.errors import CallCancelled, CallFailed, Refused, ToolUnknown, TurboClientError
from turbo_client.hangup import Hangup
from turbo_client.json_text import dump
from turbo_client.jsonrpc import INVALID_PARAMS, Fault
from turbo_client.link import Link
from turbo_client.pending import HEADER, awaited
from turbo_client.project_files import with_files
from turbo_client.protocol import modern, with_text

_TRACE_CONTEXT = ("traceparent", "tracestate", "baggage")


def _nobody(_message: str) -> None:
    """Hears nothing."""


class ToolResult:
    """`structured` is JSON text: what the server sent goes on unchanged, byte for byte."""

    __slots__ = ("is_error", "structured", "text")

    def __init__(self, text: str, structured: str | None = None, *, is_error: bool = False) -> None:
        self.text = text
        self.structured = structured
        self.is_error = is_error

    def json(self, *, is_modern: bool) -> str:
        fields: dict[str, Any] = {"content": [{"type": "text", "text": self.text}], "isError": self.is_error}
        fields = modern(fields) if is_modern else fields
        return dump(fields) if self.structured is None else with_text(fields, "structuredContent", self.structured)


def call_tool(
    link: Link, name: str, arguments: str, meta: dict[str, Any], hangup: Hangup, tell: Callable[[str], None] = _nobody
) -> ToolResult:
    """`arguments` is the JSON text of an object. Raises Fault for a tool that does not exist, and CallCancelled.

    `tell` hears what goes on while a result is waited for. Every other failure is a result that the model can read.
    """
    catalogue, problem = _catalogue_with(link, name)
    tool = catalogue.tools.get(name) if catalogue is not None else None
    if tool is None and name == onboarding.TOOL_NAME:
        return ToolResult(onboarding.explanation(problem) if problem else onboarding.welcome(catalogue))
    if tool is None or catalogue is None:
        return _failed(problem, reads=False, structured=True) if problem else _unknown_tool(name)
    reads = catalogue.only_reads(name)
    try:
        given = with_files(tool, arguments)
        answer = send_and_wait(link, name, given, reads=reads, meta=meta, hangup=hangup, tell=tell)
    except CallCancelled:
        raise
    except ToolUnknown:
        return _unknown_tool(name)
    except TurboClientError as failure:
        return _failed(failure, reads=reads, structured="outputSchema" not in tool)
    link.notice(answer.headers.get("turbo-catalogue", ""))
    link.leases.notice(answer.headers)
    return _succeeded(answer)


def _catalogue_with(link: Link, name: str) -> tuple[Catalogue | None, TurboClientError | None]:
    """The tool list, asked for again if it does not know the tool and is not known to be today's."""
    catalogue = link.catalogue
    if catalogue is not None and (name in catalogue.tools or link.checked):
        return catalogue, None
    try:
        return link.refresh(), None
    except TurboClientError as problem:
        return link.catalogue, not_sent(problem)


def not_sent(problem: TurboClientError) -> TurboClientError:
    """What kept the tool list away came before the call: whatever became of that request, the call did nothing."""
    if isinstance(problem, CallFailed):
        problem.certain = True
    return problem


def _unknown_tool(name: str) -> ToolResult:
    raise Fault(INVALID_PARAMS, f"Unknown tool: {name[:128]}")


def send_and_wait(
    link: Link, name: str, arguments: str, *, tell: Callable[[str], None] = _nobody, **options: Any
) -> Answer:
    """As send_call, and where the result is not there yet, until it is. Raises TurboClientError."""
    answer = send_call(link, name, arguments, **options)
    if HEADER not in answer.headers:
        return answer
    return awaited(answer, lambda other: send_call(link, name, other, **options), tell, options.get("hangup"))


def send_call(
    link: Link,
    name: str,
    arguments: str,
    *,
    reads: bool,
    meta: dict[str, Any] | None = None,
    hangup: Hangup | None = None,
    session: str | None = None,
) -> Answer:
    """POST it, with the headers that tell the server who asks. Raises TurboClientError."""
    headers = caller_headers(session) | {
        key: meta[key] for key in _TRACE_CONTEXT if meta and isinstance(meta.get(key), str) and fits_header(meta[key])
    }
    if not reads:
        headers[KEY_HEADER] = str(uuid.uuid4())
    request = Request("POST", f"/v1/tools/{name}", headers=headers, body=arguments.encode(), reads=reads)
    answer = link.ask(request, hangup)
    answer.json_object()
    return answer


def _succeeded(answer: Answer) -> ToolResult:
    """The body as it came. Only line breaks, which a line of stdio cannot hold, make it necessary to write it anew."""
    text = answer.body.decode()
    if "\n" in text or "\r" in text:
        text = dump(answer.json_object())
    return ToolResult(text, text)


def _failed(failure: TurboClientError, *, reads: bool, structured: bool) -> ToolResult:
    text = told(failure, reads=reads)
    if failure.details:
        import json  # costs too much to be there before it is needed, and dump would write 日 as an escape

        text = f"{text}\n{json.dumps(failure.details, ensure_ascii=False, separators=(',', ':'))}"
    return ToolResult(text, dump({"error": failure.fields}) if structured else None, is_error=True)


def told(failure: TurboClientError, *, reads: bool) -> str:
    """The server's words; where they are not a plain refusal, then what became of a write: is it to be repeated?"""
    is_refusal = isinstance(failure, Refused) and failure.certain and failure.status < 500
    return failure.text if reads or is_refusal else f"{failure.text}\n{_state(failure)}"


def _state(failure: TurboClientError) -> str:
    if not isinstance(failure, CallFailed) or failure.certain:
        return "NOT saved."
    return "Unknown whether this was saved: look it up before you do it again, or it may be there twice."
