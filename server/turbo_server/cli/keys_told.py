"""How `turbo-server keys` tells people of keys."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from turbo_server.account.grants import Lifetime
from turbo_server.account.token import PREFIX
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment


def plain(row: Row) -> dict[str, Any]:
    """Of a driver's row, the same from both databases."""
    fields = {name: row[name] for name in row.keys()}  # noqa: SIM118 - driver rows
    projects = sorted(json.loads(fields["projects"] or "[]"))
    return {**fields, "is_limited": bool(fields["is_limited"]), "projects": projects}


def lines_of(rows: Sequence[dict[str, Any]], now: datetime) -> Iterator[str]:
    """With the workspace of each, where there are several."""
    are_several = len({row["workspace"] for row in rows}) > 1
    for row in rows:
        only = f"only {', '.join(row['projects']) or 'projects that are gone'}" if row["is_limited"] else ""
        told = (row["machine"] or "", state_of(row, now), f"last used {_day(row['last_used_at'])}", only)
        words = "  ".join(word for word in told if word)
        place = f"{row['workspace']:<12} " if are_several else ""
        print_name = f"{place}{row['account']:<20} {row['name']:<16}"
        yield f"{row['id']:>4}  {print_name} {PREFIX}…{row['last4']}  {row['scope']:<5}  {words}"


def state_of(row: dict[str, Any], now: datetime) -> str:
    expires_at = as_moment(row["expires_at"])
    if row["revoked_at"]:
        return f"revoked {_day(row['revoked_at'])}"
    if expires_at is not None and expires_at <= now:
        return f"expired {_day(expires_at)}"
    return until(Lifetime(expires_at, row["renewal_days"]))


def until(lifetime: Lifetime) -> str:
    if lifetime.expires_at is None:
        return "never expires"
    return f"expires {_day(lifetime.expires_at)}" + (", renewable" if lifetime.renewal_days else "")


def _day(moment: object) -> str:
    return str(moment)[:10] if moment else "never"
