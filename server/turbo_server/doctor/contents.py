"""Looks at what is in the database: schema, clock, keys and search; the same on both."""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from turbo_server.kit.context import NEAR
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import TurboError
from turbo_server.migrations.version import head, stored_schema
from turbo_server.search.reindex import missing
from turbo_server.settings import Settings

from . import store
from .check import Check, fine, unsure, wrong

_CLOCK = timedelta(seconds=30)
_NEW_KEY = "turbo-server keys create --name NAME"
Look = Callable[[], Awaitable[Check]]


async def check_contents(settings: Settings, db: Connection, kinds: Sequence[str]) -> AsyncIterator[Check]:
    """In the order in which one thing needs the other."""
    migrations = await check_migrations(settings, db)
    yield migrations
    if migrations.ok is False:
        return
    now = datetime.now(UTC)
    yield await _events(db, now)
    yield await _pepper(settings, db)
    keys = await store.keys(db)
    yield _owners(settings, keys, now)
    for check in _ending(keys, now):
        yield check
    if settings.api_key:
        yield await _api_key(settings, settings.api_key, db, now)
    yield await _search(db, kinds)


async def check_migrations(settings: Settings, db: Connection) -> Check:
    schema, ours = await stored_schema(db), head()
    found = schema.version_num
    if found is None and settings.is_local:
        return unsure("migrations", "it holds nothing yet: the first `turbo-server serve` makes its tables")
    if found is None:
        return wrong("migrations", "it has no tables of turbo-server", "turbo-server migrate")
    if schema.is_current:
        return fine("migrations", f"at {found}, which this server needs")
    if schema.serves_us:
        return fine("migrations", f"at {found}: newer than this server ({ours}), which can work with it")
    if schema.is_newer:
        return wrong(
            "migrations",
            f"it is at {found}, and this server knows them up to {ours} only",
            "Install the turbo-server that migrated it, or a newer one.",
        )
    return wrong("migrations", f"it is at {found}, this server needs {ours}", "turbo-server migrate")


async def _events(db: Connection, now: datetime) -> Check:
    """What was written in the future tells of a clock that was set back since."""
    found = as_moment(await store.last_event(db))
    if found is None or found - now < _CLOCK:
        return fine("time of the last change", found.isoformat(timespec="seconds") if found else "there is none")
    return wrong(
        "time of the last change",
        f"{found - now} ahead of this machine's clock",
        "Let this machine set its time from the network.",
    )


async def _pepper(settings: Settings, db: Connection) -> Check:
    if settings.key_pepper:
        return fine("key store", "keys are hashed under TURBO_KEY_PEPPER")
    if await store.pepper(db):
        return fine("key store", "keys are hashed under the secret that the database keeps")
    return unsure("key store", "it has no secret yet: the first key makes it", _NEW_KEY)


def _owners(settings: Settings, keys: list[Row], now: datetime) -> Check:
    living = [row for row in keys if not _is_over(row, now)]
    able = [row for row in living if row["role"] == "owner" and row["scope"] == "admin"]
    if able:
        return fine("keys", f"{len(living)} valid, {len(able)} of them an owner's that may do everything")
    if settings.api_key:
        return unsure("keys", "none of an owner's is valid: serve takes up TURBO_API_KEY when it starts")
    detail = "none is valid: nobody can sign in" if not living else "none of an owner's may do everything"
    return wrong("keys", detail, f"{_NEW_KEY} makes one")


def _ending(keys: list[Row], now: datetime) -> list[Check]:
    """A key that its machine renews by itself is no trouble until it is over."""
    found = []
    for row in keys:
        end: datetime | None = as_moment(row["expires_at"])
        if end and now < end < now + NEAR and row["renewal_days"] is None:
            detail = f"{row['key_name']} of {row['person']} ends on {end.date()}"
            found.append(wrong(f"key {row['id']}", detail, f"turbo-server keys create --name '{row['person']}'"))
    return found


def _is_over(row: Row, now: datetime) -> bool:
    end: datetime | None = as_moment(row["expires_at"])
    return bool(end and end <= now)


async def _api_key(settings: Settings, token: str, db: Connection, now: datetime) -> Check:
    """Looked up as it would be at a call; under the database's own secret where another is set now."""
    own = await store.pepper(db)
    used = settings.key_pepper or own
    row = await store.key_hashed(db, _hashed(used, token)) if used else None
    if row is None and settings.key_pepper and own and await store.key_hashed(db, _hashed(own, token)):
        return wrong(
            "TURBO_API_KEY",
            "valid under the database's own secret, but TURBO_KEY_PEPPER is set now",
            "Take TURBO_KEY_PEPPER out again: no key that was made before is valid with it.",
        )
    if row is None:
        return unsure("TURBO_API_KEY", "not known to this database: serve takes it up when it starts")
    if row["revoked_at"] is not None:
        return wrong(
            "TURBO_API_KEY",
            "was revoked in this database, and stays so",
            "Set TURBO_API_KEY to what `turbo-server keys generate` prints.",
        )
    if _is_over(row, now):
        return wrong("TURBO_API_KEY", "has ended", "Set it to what `turbo-server keys generate` prints.")
    return fine("TURBO_API_KEY", f"is key {row['id']} of this database")


def _hashed(pepper: str, token: str) -> str:
    return hmac.new(pepper.encode(), token.encode(), "sha256").hexdigest()


async def _search(db: Connection, kinds: Sequence[str]) -> Check:
    try:
        lacking = {kind: number for kind in kinds if (number := await missing(db, kind))}
    except TurboError:
        return unsure("search", "its entries could not be counted in the time there is", "turbo-server reindex")
    if not lacking:
        return fine("search", "it knows every item, comment and work log")
    told = ", ".join(
        f"{number:,} {kind.replace('_', ' ')}{'s' if number > 1 else ''}" for kind, number in lacking.items()
    )
    return wrong("search", f"it does not find {told}", "turbo-server reindex")
