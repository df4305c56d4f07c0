"""Calls of the web page's own addresses, and an answer that proposes something."""

from typing import Any

import pytest

from tests.mentor_api import MentorApi
from tests.mentor_replies import calls, says
from tests.server.answering import ask
from tests.server.harness import ToolFailed, Turbo

REASON = {"reason_for_proposal": "TURBO-1 asks for it."}
NEW_ISSUE = calls("propose_create_issue", {"project": "TURBO", "title": "Measure the queue", **REASON})


def proposed(turbo: Turbo, api: MentorApi, *replies: Any) -> None:
    """In ASK-1, where nothing was asked before."""
    api.script("what next", *(replies or (NEW_ISSUE,)), says("I proposed it."))
    ask(turbo, "what next")


def refused(turbo: Turbo, method: str, path: str, **arguments: object) -> ToolFailed:
    with pytest.raises(ToolFailed) as refusal:
        turbo.ada.ask(method, path, **arguments)
    return refusal.value
