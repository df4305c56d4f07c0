"""What a session offers while it has no tool list: one tool that finds out what is missing and says what to do."""

from __future__ import annotations

from turbo_client.catalogue import Catalogue
from turbo_client.json_text import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from turbo_client.errors import TurboClientError

TOOL_NAME = "turbo_setup"

INSTRUCTIONS = (
    "Turbo-Plan, the shared memory for issues, work logs and status, is not connected on this machine yet. Call"
    f" {TOOL_NAME} to learn what is missing and tell the user. The usual reasons: nobody has logged in (the user runs"
    " `turbo-client login` in a terminal) or the server is not running (`turbo-server serve`). As soon as it is"
    " connected, the real tools appear by themselves."
)

_TOOL = {
    "name": TOOL_NAME,
    "title": "Connect Turbo-Plan",
    "description": (
        "Turbo-Plan (issues, work logs, status) is not connected on this machine. This tries to connect now and says"
        " what the user has to do if it cannot. Once connected, the real tools replace this one."
    ),
    "inputSchema": {"type": "object", "properties": {}, "additionalProperties": False},
    "annotations": {"title": "Connect Turbo-Plan", "readOnlyHint": True, "openWorldHint": False},
}

CATALOGUE = Catalogue(INSTRUCTIONS, dump([_TOOL]), "", 0)


def explanation(problem: TurboClientError) -> str:
    return f"Turbo-Plan is not connected. {problem.text}\nCall {TOOL_NAME} again afterwards."


def welcome(catalogue: Catalogue | None) -> str:
    """Also for a model that calls this tool once more because its client has not listed the tools again yet."""
    return "Turbo-Plan is connected. Its tools are: " + ", ".join(catalogue.tools if catalogue else ())
