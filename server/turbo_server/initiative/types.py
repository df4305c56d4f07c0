"""The names of an initiative's states, and what can go wrong with one."""

from typing import Annotated, Literal

from turbo_server.kit.errors import NotFound, nearest
from turbo_server.kit.fields import Word

StatusName = Literal["planned", "active", "paused", "completed", "cancelled"]
Status = Annotated[StatusName, Word]


class InitiativeNotFound(NotFound):
    code = "initiative_not_found"

    def __init__(self, key: str, near: list[str]) -> None:
        hint = f"{nearest(near)} list_items(kind=initiative) shows them.".strip()
        super().__init__(f"There is no initiative {key}.", hint)
