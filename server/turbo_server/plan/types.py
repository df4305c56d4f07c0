"""What a plan looks like to a caller."""

from typing import Annotated

from pydantic import Field

from turbo_server.activity.types import Change
from turbo_server.issue.progress import Progress
from turbo_server.issue.types import Note
from turbo_server.kit.fields import Line, SeenVersion
from turbo_server.kit.schema import Arguments, Result

Owner = Annotated[Line, Field(description="A person's name, me, or none")]


class PlanChange(Arguments):
    """What the updates of all plans have besides the plan's own fields."""

    key: str
    note: Note | None = None
    version: SeenVersion | None = None


class PlanReceipt(Result):
    """What a write answers. `still_open` says what an end leaves undone."""

    key: str
    title: str
    status: str
    version: int
    created: bool | None = None
    changed: list[Change] | None = None
    note: str | None = None
    progress: Progress | None = None
    still_open: str | None = None
    url: str | None = None
