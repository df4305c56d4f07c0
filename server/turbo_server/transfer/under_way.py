"""One import while it runs: what its steps share."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from turbo_server.account.tools import PersonNotFound, person_name
from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import Context
from turbo_server.kit.errors import TurboError
from turbo_server.kit.kind import Found
from turbo_server.kit.tool import Tool

from .drafts import Draft
from .errors import TransferFailed
from .numbers import Numbers
from .report import Report

Name = tuple[str, str]  # kind and origin


@dataclass
class UnderWay:
    """`places` are the projects by their origins; None is where drafts go that name none. `found` are all drafts that
    are there, from now or from an earlier run."""

    context: Context
    tools: Mapping[str, Tool]
    places: Mapping[str | None, Found]
    people: Mapping[str, str]
    report: Report
    numbers: Numbers
    found: dict[Name, Found] = field(default_factory=dict)

    def at(self, moment: datetime | None) -> Context:
        """The context of that moment; what lies in the future counts as now."""
        return replace(self.context, now=min(moment, self.context.now)) if moment else self.context

    async def call(self, tool: str, origin: str, moment: datetime | None, **arguments: object) -> Any:
        """Raises TransferFailed for a record that the tool refuses: then nothing is imported."""
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            parsed = read_arguments(self.tools[tool], read_object(self.tools[tool], to_json(given)), self.context.today)
            return await self.tools[tool].run(self.at(moment), parsed)
        except TurboError as error:
            raise TransferFailed(f"{origin}: {error.message} {error.hint}".strip()) from error

    def takes(self, tool: str, name: str) -> bool:
        return name in self.tools[tool].arguments.model_fields

    def place_of(self, draft: Draft) -> Found:
        return self.places[draft.project]

    def counted_in(self, draft: Draft) -> int:
        """Where its number comes from: the project, and for a decision the workspace."""
        return self.context.actor.workspace_id if draft.kind == "decision" else self.place_of(draft).id

    async def person(self, draft: Draft, name: str, given: str) -> str | None:
        """As somebody is spelled here; None, with a note, for who is not here."""
        wanted = given.strip().removeprefix("@")
        if wanted.casefold() in ("me", "none"):
            return None
        try:
            return await person_name(self.context, self.people.get(wanted.casefold(), wanted))
        except PersonNotFound:
            self.report.strangers[wanted] += 1
            self.report.note(draft.origin, name, f"there is nobody called {wanted}{self.report.spoken.whose(wanted)}")
            return None
