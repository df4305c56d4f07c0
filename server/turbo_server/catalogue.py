"""Every tool there is, in wire order, and the list of them that clients cache."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import get_args

from pydantic_core import to_json

from turbo_server import (
    care,
    comment,
    decision,
    document,
    initiative,
    issue,
    item,
    mentor,
    milestone,
    overview,
    project,
    queue,
    relation,
    search,
    work_log,
)
from turbo_server.account.joining import JOIN as JOINING
from turbo_server.account.key_tools import ENDPOINTS as KEYS
from turbo_server.account.people import ENDPOINTS as PEOPLE
from turbo_server.account.session_tools import ENDPOINTS as SESSIONS
from turbo_server.account.session_tools import SIGN_IN as SIGNING_IN
from turbo_server.activity.feed import ENDPOINT as EVENTS
from turbo_server.activity.looking_back import ENDPOINT as ACTIVITY
from turbo_server.audit.tools import TOOLSET as AUDIT
from turbo_server.decision.kind import KIND as DECISION
from turbo_server.decision.line import ENDPOINT as LINE
from turbo_server.document.kind import KIND as DOCUMENT
from turbo_server.document.reading import ENDPOINTS as TEXTS
from turbo_server.initiative.kind import KIND as INITIATIVE
from turbo_server.instructions import instructions_for
from turbo_server.issue.kind import KIND as ISSUE
from turbo_server.issue.labels import page_of_labels
from turbo_server.kit.errors import TurboError, closest
from turbo_server.kit.kind import Kind, Pager
from turbo_server.kit.scope import Scope
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Endpoint, Tool, Toolset, ToolsetName
from turbo_server.mentor.answering.usage import ENDPOINT as USAGE
from turbo_server.mentor.conversation.kind import KIND as CONVERSATION
from turbo_server.mentor.persona.kind import KIND as MENTOR
from turbo_server.mentor.web import ENDPOINTS as MENTORS
from turbo_server.milestone.kind import KIND as MILESTONE
from turbo_server.overview.timeline import ENDPOINT as TIMELINE
from turbo_server.plan.burn_up import ENDPOINT as BURN_UP
from turbo_server.project.access import ENDPOINTS as ACCESS
from turbo_server.project.editing import ENDPOINT as PROJECTS
from turbo_server.project.kind import KIND as PROJECT
from turbo_server.queue.claims import claim_of
from turbo_server.transfer.upload import ENDPOINTS as IMPORTS
from turbo_server.view.tools import ENDPOINTS as VIEWS
from turbo_server.webhook.tools import ENDPOINTS as WEBHOOKS
from turbo_server.work_log.lists import page_of_work

# The order is wire format and heads the model's prompt cache: append, never sort.
TOOLSETS: tuple[Toolset, ...] = (
    overview.TOOLSET, item.TOOLSET, project.TOOLSET, issue.TOOLSET, work_log.TOOLSET,
    comment.TOOLSET, initiative.TOOLSET, milestone.TOOLSET, decision.TOOLSET, relation.TOOLSET,
    document.TOOLSET, queue.TOOLSET, care.TOOLSET,
    search.TOOLSET, AUDIT, mentor.TOOLSET,
)  # fmt: skip
# Who holds an issue the queue alone knows, which knows issues in its turn.
_ISSUE = replace(ISSUE, around=claim_of)
KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (_ISSUE, PROJECT, INITIATIVE, MILESTONE, DECISION, DOCUMENT, MENTOR, CONVERSATION)
}
# What list_items shows besides: it has no keys.
LISTINGS: dict[str, Pager] = {"label": page_of_labels, "work_log": page_of_work}
TOOLSET_NAMES: tuple[ToolsetName, ...] = get_args(ToolsetName)
# Addresses for programs; what is switched on by a setting is added in app.py.
ENDPOINTS: tuple[Endpoint, ...] = (
    EVENTS, *queue.ENDPOINTS, *KEYS, *PEOPLE, *ACCESS, *WEBHOOKS, USAGE, *SESSIONS, *MENTORS, PROJECTS, *IMPORTS,
    ACTIVITY, *VIEWS, *TEXTS, LINE, BURN_UP, TIMELINE,
)  # fmt: skip

# These take no key in a header, and have doors of their own.
JOIN: Endpoint = JOINING
SIGN_IN: Endpoint = SIGNING_IN

INSTRUCTIONS = instructions_for(TOOLSET_NAMES)


@dataclass(frozen=True)
class Catalogue:
    """`listing` is the exact body of GET /v1/tools, the same bytes in every process; `etag` names it."""

    toolsets: tuple[Toolset, ...] = TOOLSETS

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        return {tool.name: tool for toolset in self.toolsets for tool in toolset.tools}

    @cached_property
    def listing(self) -> bytes:
        return self.listing_of(TOOLSET_NAMES)

    @cached_property
    def etag(self) -> str:
        return f'"{self._digest}"'

    def listing_of(
        self, chosen: tuple[ToolsetName, ...], scope: Scope = Scope.ADMIN, ends: date | None = None
    ) -> bytes:
        """What a key of that scope can call of the toolsets; `ends` is the day on which it does, where that is soon."""
        offered = [tool for tool in self.tools.values() if tool.toolset in chosen and scope.includes(tool.needs)]
        return to_json(
            {"instructions": instructions_for(chosen, scope, ends), "tools": [tool.listing for tool in offered]}
        )

    def etag_of(self, chosen: tuple[ToolsetName, ...], scope: Scope = Scope.ADMIN, ends: date | None = None) -> str:
        """Changes with any tool, chosen or not: so that a call's answer can tell every client of a change."""
        selection = "" if chosen == TOOLSET_NAMES else f".{'-'.join(chosen)}"
        lacks_tools = any(not scope.includes(tool.needs) for tool in self.tools.values())
        return f'"{self._digest}{selection}{f".{scope}" if lacks_tools else ""}{f".{ends}" if ends else ""}"'

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.listing).hexdigest()[:20]


def read_toolsets(text: str) -> tuple[ToolsetName, ...]:
    """Those that the text names, in their own order; all for an empty text. Raises UnknownToolset."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in TOOLSET_NAMES and name != "all":
            raise UnknownToolset(name)
    return tuple(each for each in TOOLSET_NAMES if each in names or not names or "all" in names)


class UnknownToolset(TurboError):
    status = 422
    code = "unknown_toolset"

    def __init__(self, name: str) -> None:
        known = f"Toolsets: {', '.join(TOOLSET_NAMES)}; commas between several. In the client: TURBO_TOOLSETS."
        super().__init__(f"There is no toolset {clip(name, 40)!r}.", f"{closest(name, TOOLSET_NAMES)} {known}".strip())
