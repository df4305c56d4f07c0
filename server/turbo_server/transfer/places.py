"""The projects that come along with an import: each found again, joined or made, under a key that is one here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from turbo_server.kit.context import Context
from turbo_server.kit.errors import NotFound, TurboError
from turbo_server.kit.keys import read_key
from turbo_server.kit.kind import Found
from turbo_server.project.tools import CreateProject, create_project
from turbo_server.project.types import RESERVED_KEYS

from . import store
from .drafts import Place, Reading
from .errors import TransferFailed
from .fitting import cleaned, short_enough
from .report import Report

_LONGEST_KEY, _LONGEST_NAME = 10, 300


@dataclass
class Places:
    context: Context
    reading: Reading
    rename: Mapping[str, str]
    report: Report
    _keys: set[str] = field(default_factory=set)

    async def settle(self) -> dict[str | None, Found]:
        """By origin. Raises TransferFailed."""
        self._refuse_unknown_names()
        rows = await store.origins_in(self.context.db, self.context.actor.workspace_id, self.reading.source)
        earlier = {row["origin"]: row["subject_id"] for row in rows if row["kind"] == "project"}
        projects = self.context.kinds["project"]
        known = {each.id: each for each in await projects.find_by_id(self.context, list(earlier.values()))}
        self._keys = {each.key for each in known.values()}
        found: dict[str | None, Found] = {}
        for place in self.reading.places:
            if again := known.get(earlier.get(place.origin, 0)):
                found[place.origin] = again
                self.report.skipped["project"] += 1
            else:
                found[place.origin] = await self._join_or_make(place)
        return found

    def _refuse_unknown_names(self) -> None:
        there = {place.key.upper() for place in self.reading.places}
        for old, new in self.rename.items():
            if old not in there:
                said = self.report.spoken.rename.format(old, new)
                raise TransferFailed(f"{said}: no project is called {old}. Projects: {_named(there)}.")
            if not _is_key(new):
                said = self.report.spoken.rename.format(old, new)
                raise TransferFailed(f"{said}: {new} is no project key: 2 to 10 letters and digits, a letter first.")

    async def _join_or_make(self, place: Place) -> Found:
        wanted = self.rename.get(place.key.upper(), place.key.strip().upper())
        key = self._valid(wanted)
        self._keys.add(key)
        if key != place.key.strip().upper() and key != wanted:
            self.report.note(
                place.origin,
                "project key",
                f"{place.key} became {key}; {self.report.spoken.rename.format(place.key.upper(), 'KEY')} names another",
            )
        try:
            found = await self.context.find(key)
        except NotFound:
            return await self._make(place, key)
        self.report.note(
            place.origin,
            "project",
            f"{key} is here already, and its items join it; "
            f"{self.report.spoken.rename.format(place.key.upper(), 'OTHER')} keeps them apart",
        )
        return found

    def _valid(self, wanted: str) -> str:
        if _is_key(wanted) and wanted not in self._keys:
            return wanted
        word = re.sub(r"[^A-Z0-9]", "", wanted).lstrip("0123456789")[:_LONGEST_KEY]
        word = word if _is_key(word) else f"{word}PROJECT"[:_LONGEST_KEY]
        numbered = (f"{word[: _LONGEST_KEY - len(str(number))]}{number}" for number in range(2, 10**6))
        return next(each for each in (word, *numbered) if each not in self._keys)

    async def _make(self, place: Place, key: str) -> Found:
        def tell(name: str, why: str) -> None:
            self.report.note(place.origin, name, why)

        name = " ".join(cleaned(place.name).split())[:_LONGEST_NAME] or key
        text = short_enough("description", cleaned(place.description), tell)
        context = self.context if place.created is None else _at(self.context, place)
        try:
            await create_project.run(context, CreateProject(key=key, name=name, description=text))
        except TurboError as error:
            raise TransferFailed(f"{place.origin}: {error.message} {error.hint}".strip()) from error
        self.report.created["project"].append(key)
        return await self.context.find(key)


def _at(context: Context, place: Place) -> Context:
    return replace(context, now=min(place.created or context.now, context.now))


def _is_key(word: str) -> bool:
    found = read_key(word)
    return found is not None and found.kind == "project" and word not in RESERVED_KEYS and word == word.upper()


def _named(keys: set[str]) -> str:
    return ", ".join(sorted(keys)[:20])
