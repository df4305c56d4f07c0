"""The control: one thing on the server broken, in this process alone, which the machine has to find."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from turbo_server.activity import store as event_store
from turbo_server.care import reversals, scene
from turbo_server.issue import list_store, read_store, state
from turbo_server.kit.sql import Statement
from turbo_server.queue import claims, pool_store
from turbo_server.queue import store as claim_store
from turbo_server.relation import store as relation_store


def _async(value: Any) -> Callable[..., Any]:
    async def answer(*_arguments: Any, **_options: Any) -> Any:
        return value

    return answer


def _altered(statement: Statement, old: str, new: str) -> Statement:
    changed = Statement(statement.postgres.replace(old, new), statement.sqlite.replace(old, new))
    assert changed != statement, f"{old!r} stands in no statement any more"
    return changed


def _take() -> Statement:
    return _altered(claim_store._TAKE, "where claims.expires_at", "where true or claims.expires_at")  # noqa: SLF001


def _candidates() -> Any:
    return {which: _altered(each, "and o.archived_at is null", "") for which, each in pool_store._CANDIDATES.items()}  # noqa: SLF001


# (where, what, by what)
FAULTS: dict[str, tuple[Any, str, Callable[[], Any]]] = {
    "circles of dependencies are let through": (state, "refuse_dependency_cycle", lambda: _async(None)),
    "circles of parents are let through": (state, "refuse_parent_cycle", lambda: _async(None)),
    "an archived blocker is waited for, in lists": (
        list_store, "COLUMNS", lambda: list_store.COLUMNS.replace("and o.archived_at is null", "")),
    "an archived blocker is waited for, in the queue": (pool_store, "_CANDIDATES", _candidates),
    "a live claim is taken from its holder": (claim_store, "_TAKE", _take),
    "a lease lasts a minute less": (claims, "LEASE", lambda: timedelta(minutes=14)),
    "a claim outlives its release": (claim_store, "end", lambda: _async(None)),
    "undo writes over later changes": (reversals, "_same", lambda: lambda *_: True),
    "undo of a creation overlooks what others did": (scene, "_later", lambda: _async({})),
    "a link both ways at once is let through": (
        relation_store, "is_there", lambda: _async(False)),
    "an event in an archived project is let through": (
        event_store, "_INSERT", lambda: _altered(event_store._INSERT, "where $13", "where true or $13")),  # noqa: SLF001
    "sub-issues that are archived are shown": (
        read_store, "_PARTS", lambda: _altered(read_store._PARTS, "and i.archived_at is null", "")),  # noqa: SLF001
}  # fmt: skip


@contextlib.contextmanager
def broken(name: str) -> Iterator[None]:
    where, what, make = FAULTS[name]
    with patch.object(where, what, make()):
        yield
