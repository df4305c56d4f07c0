"""What the addresses of the web page answer: whole texts, and figures where the tools have words for them."""

from typing import Annotated

from pydantic import Field

from turbo_server.activity.types import Change
from turbo_server.item.types import Neighbour
from turbo_server.kit.schema import Listing, Moment, Result
from turbo_server.mentor.answering.types import Proposal
from turbo_server.mentor.conversation.types import StateName, Turn

Dollars = Annotated[float, Field(description="Dollars, to the millionth")]


class MentorShown(Result):
    key: Annotated[str, Field(description="@architect")]
    name: Annotated[str, Field(description="The handle without its sign")]
    role: Annotated[str, Field(description="Who it is, in a line")]
    watches: Annotated[str, Field(description="What it looks after")]
    model: Annotated[str, Field(description="Which model answers for it")]
    has_own_model: Annotated[bool, Field(description="Else it is the server's")]
    may_propose: Annotated[bool, Field(description="Changes, for a person to accept")]
    daily_budget: Annotated[float | None, Field(description="Dollars a day of its own; else the server's limits")] = (
        None
    )
    spent_today: Annotated[float, Field(description="Dollars, with what answers under way may still cost")]
    answers_today: Annotated[int, Field(description="Answers by the server")]
    conversations: Annotated[int, Field(description="Those that were not put away")]
    unanswered: Annotated[int, Field(description="Of these, with a question that waits or is being answered")]
    to_decide: Annotated[int, Field(description="Proposals in these that nobody decided on yet")]
    is_made: Annotated[bool, Field(description="False until it is first asked: one that comes with Turbo")]
    archived_at: Annotated[Moment | None, Field(description="When it was put away")] = None


class MentorList(Result):
    items: list[MentorShown]
    answers_itself: Annotated[bool, Field(description="Whether this server has a key to answer with")]
    model: Annotated[str, Field(description="Which model the server has answer where a mentor names none")]


class ConversationRow(Result):
    key: Annotated[str, Field(description="ASK-3")]
    title: str
    mentor: Annotated[str, Field(description="@architect")]
    status: Annotated[StateName, Field(description="Of its latest question")]
    turns: Annotated[int, Field(description="Questions in it")]
    to_decide: Annotated[int, Field(description="Proposals that nobody decided on yet")]
    about: Annotated[Neighbour | None, Field(description="The item that it was begun about")] = None
    project: Annotated[str | None, Field(description="Of that item")] = None
    created_by: str
    updated_at: Moment
    archived_at: Moment | None = None


class ConversationList(Listing):
    items: list[ConversationRow]


class TurnShown(Turn):
    """A question and its answer in whole, with what the latter has cost. `cited` are those of its keys that exist."""

    usd: Annotated[float | None, Field(description="Dollars that the answer has cost, attempts that broke off too")] = (
        None
    )
    doing: Annotated[str | None, Field(description="What the mentor is at, while the answer is under way")] = None
    so_far: Annotated[str | None, Field(description="The last of its words, while it is under way")] = None
    code: Annotated[str | None, Field(description="Of the problem that ended it")] = None


class ProposalShown(Proposal):
    """With its arguments in whole."""

    turn: Annotated[int, Field(description="The question in whose answer it was made")]


class ConversationShown(Result):
    """The latest of its questions, oldest first."""

    key: str
    title: str
    mentor: Annotated[str, Field(description="@architect")]
    role: Annotated[str, Field(description="Who that is")]
    status: Annotated[StateName, Field(description="Of the latest question")]
    about: Annotated[Neighbour | None, Field(description="The item that it was begun about")] = None
    project: Annotated[str | None, Field(description="Of that item")] = None
    turns: list[TurnShown]
    earlier: Annotated[int, Field(description="Questions before these; ask with `before` for them")]
    proposals: Annotated[list[ProposalShown], Field(description="Of the answers shown")]
    usd: Annotated[float, Field(description="Dollars that all its answers have cost")]
    answers_itself: Annotated[bool, Field(description="Whether this server has a key to answer with")]
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None = None


class Renamed(Result):
    key: str
    title: str
    version: int
    changed: Annotated[list[Change] | None, Field(description="Left out where it was called so already")] = None


class Decided(Result):
    key: str
    proposals: Annotated[list[Proposal], Field(description="Those that were decided on")]
