"""How the server writes its log: one line for each call, as JSON where machines read it, and never a secret in it."""

import json
import logging
import sys
from datetime import UTC, datetime

from turbo_server.kit.redaction import redact
from turbo_server.settings import Settings

FIELDS = "fields"  # of a record: what the call's own line tells, by name
OURS = ("turbo_server", "uvicorn", "asyncio")
# At DEBUG these would write statements with their values, so texts of items: they never get below WARNING.
TALKATIVE = ("aiosqlite", "databases", "sqlalchemy", "alembic", "asyncpg", "httpx", "httpcore")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            line["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


class ReadableLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, FIELDS, {})
        told = "".join(f" {name}={value}" for name, value in fields.items() if value is not None)
        first, *rest = super().format(record).split("\n", 1)
        return redact("\n".join([first + told, *rest]))


def set_up_logs(settings: Settings) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.logs_as_json else ReadableLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
