"""What is wrong with any of several issues that are to be made: found before one is."""

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, WrapValidator

from turbo_server.account.tools import person_name
from turbo_server.kit.arguments import words_of
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments, TurboError
from turbo_server.kit.fields import Words
from turbo_server.kit.keys import IssueKeyText, OptionalIssueKey
from turbo_server.project.tools import require_project

from .find import known_issues, refuse_milestone_elsewhere, require_issue
from .tools import CreateIssue

SHOWN_SENTENCES = 25
SHOWN_HINTS = 3
_POSITION = re.compile(r"#([1-9][0-9]?)")


def position_of(name: str) -> int | None:
    """Of `#2` the 2."""
    match = _POSITION.fullmatch(name)
    return int(match[1]) if match else None


def _or_position(value: Any, check: Callable[[Any], Any]) -> Any:
    return value.strip() if isinstance(value, str) and position_of(value.strip()) else check(value)


class IssueEntry(CreateIssue):
    """`#1` stands for the first entry of the call, and so on."""

    parent: Annotated[OptionalIssueKey, WrapValidator(_or_position)] = None
    blocked_by: Annotated[list[Annotated[IssueKeyText, WrapValidator(_or_position)]], Words, Field(max_length=50)] = []


class Problems:
    """Sentences with the positions of the entries that they are true of."""

    def __init__(self) -> None:
        self._positions: dict[str, list[int]] = {}
        self._hints: list[str] = []

    def add(self, position: int, problem: TurboError | str) -> Self:
        sentence = problem if isinstance(problem, str) else problem.message.rstrip(".")
        positions = self._positions.setdefault(sentence, [])
        if position not in positions:
            positions.append(position)
        if isinstance(problem, TurboError) and problem.hint not in self._hints:
            self._hints.append(problem.hint)
        return self

    def __bool__(self) -> bool:
        return bool(self._positions)

    def refusal(self) -> InvalidArguments:
        in_order = sorted(self._positions.items(), key=lambda told: told[1][0])
        told = [f"{', '.join(f'#{each}' for each in where)}: {what}" for what, where in in_order]
        more = [f"and {len(told) - SHOWN_SENTENCES} more"] if len(told) > SHOWN_SENTENCES else []
        return InvalidArguments(
            f"create_issues: nothing was made. {'; '.join(told[:SHOWN_SENTENCES] + more)}.",
            " ".join([*self._hints[:SHOWN_HINTS], "Put this right and repeat the whole call."]),
        )


async def checked_entries(context: Context, given: list[dict[str, Any]]) -> list[IssueEntry]:
    """Raises InvalidArguments with what is wrong with all of them."""
    problems = Problems()
    entries: dict[int, IssueEntry] = {}
    for position, fields in enumerate(given, 1):
        try:
            entries[position] = IssueEntry.model_validate(fields, context={"today": context.today})
        except ValidationError as error:
            for sentence in words_of(error, IssueEntry):
                problems.add(position, sentence)
    await _check_names(context, entries, problems)
    if problems:
        raise problems.refusal()
    return list(entries.values())


async def _check_names(context: Context, entries: dict[int, IssueEntry], problems: Problems) -> None:
    """Each name is looked up once, however many entries have it."""
    keys = {key for entry in entries.values() for key in (entry.parent, *entry.blocked_by) if key}
    present = await known_issues(context, [key for key in keys if not position_of(key)])
    known: dict[tuple[str, str], TurboError | None] = {("issue", key): None for key in present}
    for position, entry in entries.items():
        for what, name in _names(entry):
            if (what, name) not in known:
                known[what, name] = await _refusal(LOOKUPS[what](context, name))
            if refused := known[what, name]:
                problems.add(position, refused)
        for sentence in _misplaced(entry, position):
            problems.add(position, sentence)
        try:
            refuse_milestone_elsewhere(entry.project, entry.milestone)
        except TurboError as error:
            problems.add(position, error)


def _names(entry: IssueEntry) -> Iterator[tuple[str, str]]:
    yield "project", entry.project
    if entry.assignee and entry.assignee.strip().lower() != "none":
        yield "person", entry.assignee
    for key in (entry.initiative, entry.milestone):
        if key:
            yield "plan", key
    for key in (entry.parent, *entry.blocked_by):
        if key and not position_of(key):
            yield "issue", key


LOOKUPS: dict[str, Callable[[Context, str], Awaitable[Any]]] = {
    "project": require_project,
    "person": person_name,
    "plan": lambda context, key: context.find(key),
    "issue": require_issue,
}


async def _refusal(lookup: Awaitable[Any]) -> TurboError | None:
    try:
        await lookup
    except TurboError as error:
        return error
    return None


def _misplaced(entry: IssueEntry, position: int) -> Iterator[str]:
    """References that do not lead back."""
    for field, names in (("parent", [entry.parent or ""]), ("blocked_by", entry.blocked_by)):
        for name in names:
            if (position_of(name) or 0) >= position:
                yield f"`{field}` is {name}, which does not stand before it: only an earlier one can be named"
