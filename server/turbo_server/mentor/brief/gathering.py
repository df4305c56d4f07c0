"""Finds what a brief is made of: what fits the question's words, what hangs together with it, and their texts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from turbo_server.activity.past import latest_events
from turbo_server.activity.types import Happening
from turbo_server.decision.paths import NoSuchPath, checked_path, first_covering
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Found
from turbo_server.mentor.keys import keys_in

from . import loading_store, store
from .passages import Needles
from .question import Word, lookups, words_of
from .ranking import Candidate, best, by_words, spread
from .store import Item

SEEDS = 12  # of the best, what hangs together with them is looked at
CHOSEN = 60
NAMED = 1.5  # times the best by words: what the question names
GOVERNS = 0.8
HAPPENINGS = 12
MOST_PATHS = 20
MOST_KEYS = 60
_PATH = re.compile(r"(?<![\w/.:])[\w.@\[\]-]+(?:/[\w.@\[\]-]+)+")


@dataclass(frozen=True, slots=True)
class Gathered:
    """`candidates` are those that were found and are there, best first; `rows` their texts."""

    candidates: list[Candidate]
    rows: dict[Item, Row]
    comments: dict[Item, list[Row]]
    work: dict[Item, list[Row]]
    history: list[Happening]
    needles: Needles
    about: Item | None = None
    governing: dict[Item, str] = field(default_factory=dict)


async def gathered_for(context: Context, question: str, about: Found | None, conversation: Found | None) -> Gathered:
    words = words_of(question, about.key if about else "", about.title if about else "")
    found = await _by_words(context, words)
    named = await _named(context, found, question, about)
    seeds = _seeds(found, about)
    spread(found, await store.neighbours(context.db, context.actor.workspace_id, seeds))
    said = await store.said(context.db, _entries(found, seeds, named))
    await _named_in(context, found, said)
    governing = await _governing(context, found, about, question, said)
    if conversation:
        found.pop((conversation.kind, conversation.id), None)  # it has a place of its own in a brief
    return await _loaded(context, found, about, Needles.of(words), governing)


async def _by_words(context: Context, words: Sequence[Word]) -> dict[Item, Candidate]:
    workspace = context.actor.workspace_id
    is_shared, entries = await store.place(context.db, workspace)
    asked = lookups(tuple(words), context.db.dialect, workspace if is_shared else None)
    rows = await store.fitting(context.db, workspace, [each.asked for each in asked]) if asked else []
    return by_words(rows, asked, entries)


async def _named(context: Context, found: dict[Item, Candidate], question: str, about: Found | None) -> dict[Item, int]:
    """The items that the question names, and what it is about, with their entries; they come before all others."""
    keys = [*([about.key] if about else []), *keys_in(question.upper())]
    known = await store.resolve(context.db, context.actor.workspace_id, keys[:MOST_KEYS])
    top = max((each.worth for each in found.values()), default=1.0)
    for key, (item, _) in known.items():
        candidate = found.setdefault(item, Candidate(item))
        is_about = about is not None and key == about.key
        candidate.worth = max(candidate.worth, top * NAMED) * (2 if is_about else 1)
        candidate.why.insert(0, "the question is about it" if is_about else "named in the question")
    if about and about.key not in known:
        found[about.kind, about.id] = Candidate((about.kind, about.id), top * NAMED * 2, ["the question is about it"])
    return dict(known.values())


def _seeds(found: dict[Item, Candidate], about: Found | None) -> list[Item]:
    first = [(about.kind, about.id)] if about else []
    return list(dict.fromkeys([*first, *(each.item for each in best(found, SEEDS))]))


def _entries(found: dict[Item, Candidate], seeds: Iterable[Item], named: dict[Item, int]) -> list[int]:
    entries = {item: found[item].entry for item in seeds} | named
    return sorted(entry for entry in entries.values() if entry is not None)


async def _named_in(context: Context, found: dict[Item, Candidate], said: Sequence[Row]) -> None:
    """What the best of them name: a decision whose number stands in an issue belongs to it."""
    naming: dict[str, list[Item]] = {}
    for row in said:
        for key in keys_in(row["text"]):
            naming.setdefault(key, []).append((row["item_kind"], row["item_id"]))
    known = await store.resolve(context.db, context.actor.workspace_id, list(naming)[:MOST_KEYS])
    spread(
        found,
        [
            {"of_kind": seed[0], "of_id": seed[1], "kind": item[0], "id": item[1], "way": "named in it"}
            for key, (item, _) in known.items()
            for seed in naming[key]
        ],
    )


async def _governing(
    context: Context, found: dict[Item, Candidate], about: Found | None, question: str, said: Sequence[Row]
) -> dict[Item, str]:
    """Decisions whose globs cover a path that the question, or what it is about, names; with that path."""
    own = [row["text"] for row in said if about and (row["item_kind"], row["item_id"]) == (about.kind, about.id)]
    paths = _paths([question, *own])
    if not paths:
        return {}
    bound = await store.with_paths(context.db, context.actor.workspace_id, about.project_id if about else None)
    top = max((each.worth for each in found.values()), default=1.0)
    governing: dict[Item, str] = {}
    for row in bound:
        path = next((path for path in paths if first_covering(loading_store.globs(row), path)), None)
        if path is not None:
            governing["decision", row["id"]] = path
            candidate = found.setdefault(("decision", row["id"]), Candidate(("decision", row["id"])))
            candidate.worth = max(candidate.worth, top * GOVERNS)
            candidate.why.insert(0, f"governs {path}")
    return governing


def _paths(texts: Iterable[str]) -> list[str]:
    paths: list[str] = []
    for text in texts:
        for match in _PATH.finditer(text):
            try:
                paths.append(checked_path(match[0].rstrip(".")))
            except NoSuchPath:
                continue
    return list(dict.fromkeys(paths))[:MOST_PATHS]


async def _loaded(
    context: Context, found: dict[Item, Candidate], about: Found | None, needles: Needles, governing: dict[Item, str]
) -> Gathered:
    workspace = context.actor.workspace_id
    chosen = best({item: each for item, each in found.items() if item[0] in loading_store.KINDS}, CHOSEN)
    rows: dict[Item, Row] = {}
    for kind in loading_store.KINDS:
        ids = [each.item[1] for each in chosen if each.item[0] == kind]
        rows |= {(kind, row["id"]): row for row in await loading_store.rows_of(context.db, workspace, kind, ids)}
    place = (about.kind, about.id) if about else ("", 0)
    said = [note for each in chosen if each.item in rows for note in each.notes]
    comments = await loading_store.comments(context.db, workspace, _of("comment", said), place)
    issue_id = place[1] if place[0] == "issue" else 0
    work = await loading_store.work(context.db, workspace, _of("work_log", said), issue_id)
    history = await latest_events(context, about, HAPPENINGS) if about else []
    present = [each for each in chosen if each.item in rows]
    of = place if about else None
    return Gathered(present, rows, _by_item(comments), _by_item(work), history, needles, of, governing)


def _of(kind: str, notes: Iterable[Item]) -> list[int]:
    return sorted({note_id for each, note_id in notes if each == kind})


def _by_item(rows: Iterable[Row]) -> dict[Item, list[Row]]:
    found: dict[Item, list[Row]] = {}
    for row in rows:
        found.setdefault((row["item_kind"], row["item_id"]), []).append(row)
    return found
