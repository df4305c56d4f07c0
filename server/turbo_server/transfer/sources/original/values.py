"""Values as SQLite files hold them: ids in three forms, dates in six, lists as JSON or text."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from turbo_server.transfer.words import day_of, moment_of

_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
_MILLISECONDS = 10**11  # more seconds than these are none
_LATEST = 7_258_118_400  # the year 2200
_NO = ("", "0", "false", "no", "f", "n", "none", "null")


def ident(value: Any) -> str:
    """The same of an id and of what refers to it; empty for none."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = "" if value is None else str(value).strip()
    return word.replace("-", "").lower() if _UUID.fullmatch(word) else word


def moment(value: Any) -> datetime | None:
    """Of an ISO text, seconds or milliseconds since 1970, a day, or a date as mails have it."""
    if isinstance(value, str):
        word = value.strip()
        if re.fullmatch(r"\d{9,13}(\.\d+)?", word):
            return _since_1970(float(word))
        return moment_of(word) or moment_of(day_of(word)) or _of_a_mail(word)
    return _since_1970(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _since_1970(number: float) -> datetime | None:
    seconds = number / 1000 if number > _MILLISECONDS else number
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LATEST else None


def _of_a_mail(word: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(word)
    except (ValueError, TypeError, IndexError):
        return None
    return moment_of(found.isoformat())


def day(value: Any) -> str | None:
    found = moment(value)
    return found.date().isoformat() if found else None


def truth(value: Any) -> bool:
    """A date counts as yes: archived_at."""
    return value is not None and str(value).strip().lower() not in _NO


def texts(value: Any) -> list[str]:
    """Of a JSON list of texts or of objects with a name, or of a text with commas."""
    found = parsed(value)
    if isinstance(found, list):
        return [name for each in found if (name := _name(each))]
    return [part.strip() for part in re.split(r"[,;\n]", str(found)) if part.strip()] if found not in (None, "") else []


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = next(
            (value[name] for name in ("name", "title", "text", "option", "label", "id") if value.get(name)), ""
        )
    return "" if value is None else str(value).strip()


def parsed(value: Any) -> Any:
    """What a text that looks like JSON says; all else as it is."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{", '"'):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def prose(value: Any) -> str:
    """A text as it is, a list as bullets, an object line by line; bytes and nothing are empty."""
    if value is None or isinstance(value, bytes):
        return ""
    found = parsed(value)
    if isinstance(found, list):
        return "\n".join(
            f"- {_name(each) if isinstance(each, dict) and _name(each) else _line(each)}" for each in found
        )
    if isinstance(found, dict):
        return "\n".join(f"- {name}: {_line(each)}" for name, each in found.items())
    return str(value) if isinstance(value, str) else _line(value)


def _line(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in ("", "[]", "{}", "null")) or value in (0, b"")
