"""What the audit looks like to a reader, and how a reader says from when on."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from turbo_server.kit.database import Row
from turbo_server.kit.errors import TurboError
from turbo_server.kit.schema import Moment, Result

_AGO = re.compile(r"(\d{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class KeyIsLimited(TurboError):
    status = 403
    code = "scope_missing"

    def __init__(self) -> None:
        super().__init__(
            "This API key is limited to projects, and read_audit tells of the whole workspace.",
            "It takes an admin key that is limited to none: `turbo-server keys create --name NAME --scope admin`.",
        )


class Happened(Result):
    """`by` is left out where it was done at the server's own command line. `api_key` is the number of the key it was
    done with, `about_key` of the one it was done to."""

    at: Moment
    action: str
    by: str | None = None
    key: str | None = None
    about: str | None = None
    about_key: int | None = None
    details: dict[str, Any] | None = None
    machine: str | None = None
    session: str | None = None
    address: str | None = None
    api_key: int | None = None


class AuditPage(Result):
    """Newest first; without `next_cursor` there is no more."""

    items: list[Happened]
    next_cursor: str | None = None


def happened(row: Row) -> Happened:
    return Happened(
        at=row["created_at"],
        action=row["action"],
        by=row["person"],
        key=row["item"] or None,
        about=row["about_person"],
        about_key=row["about_key_id"],
        details=json.loads(row["details"]) if row["details"] else None,
        machine=row["machine"],
        session=row["session"],
        address=row["address"],
        api_key=row["key_id"],
    )


def moment_of(text: str, now: datetime) -> datetime | None:
    """Of 30m, 24h, 7d, 2w, or a day or moment as ISO writes it, UTC unless it says otherwise; None for nonsense."""
    if ago := _AGO.fullmatch(text.strip().lower()):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        return datetime.combine(day, time(), UTC)
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the first and last days of the calendar have no UTC everywhere
        return None
