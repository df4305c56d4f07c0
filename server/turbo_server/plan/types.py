"""What a plan looks like to a caller."""

from typing import Annotated

from pydantic import Field

from turbo_server.activity.types import Change
from turbo_server.issue.progress import Progress
from turbo_server.kit.fields import Line
from turbo_server.kit.schema import Result

Owner = Annotated[Line, Field(description="A person's name, me, or none")]


class PlanReceipt(Result):
    """What a write answers. `still_open` says what an end leaves undone."""

    key: str
    title: str
    status: str
    created: bool | None = None
    changed: list[Change] | None = None
    note: str | None = None
    progress: Progress | None = None
    still_open: str | None = None
    url: str | None = None
