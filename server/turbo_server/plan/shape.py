"""What tells one kind of plan from the other."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Table

from turbo_server.kit.errors import NotFound

from .store import PlanTable


@dataclass(frozen=True)
class Shape:
    """`letter` stands in its keys; `not_found` is made from the key and the nearest keys; `over` are its ends."""

    name: str
    letter: str
    table: Table
    statuses: tuple[str, ...]
    over: tuple[str, ...]
    not_found: Callable[[str, list[str]], NotFound]

    @cached_property
    def store(self) -> PlanTable:
        return PlanTable(self.table)

    def key(self, project: str, number: int) -> str:
        return f"{project}-{self.letter}{number}"
