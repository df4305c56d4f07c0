"""The names of a milestone's states, and what can go wrong with one."""

from typing import Annotated, Literal

from turbo_server.kit.errors import NotFound, nearest
from turbo_server.kit.fields import Word

StatusName = Literal["open", "closed"]
Status = Annotated[StatusName, Word]


class MilestoneNotFound(NotFound):
    code = "milestone_not_found"

    def __init__(self, key: str, near: list[str]) -> None:
        hint = f"{nearest(near)} list_items(kind=milestone) shows them.".strip()
        super().__init__(f"There is no milestone {key}.", hint)
