"""While it serves, each kind of trouble with the database is said once in the operator's words; the log counts them."""

import logging

from turbo_server.cli import say
from turbo_server.cli.database_words import told
from turbo_server.kit.errors import TurboError
from turbo_server.settings import Settings

log = logging.getLogger("turbo_server")


class FirstFailures(logging.Handler):
    """Hears of what kit/faults.py logs."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._told: set[type] = set()

    def emit(self, record: logging.LogRecord) -> None:
        problem = getattr(record, "problem", None)
        if isinstance(problem, TurboError):
            self.tell(problem)

    def tell(self, problem: TurboError) -> None:
        if type(problem) not in self._told:
            self._told.add(type(problem))
            self.announce(f"turbo-server: {told(problem, self._settings)}")

    def have(self, kind: type[TurboError]) -> bool:
        return kind in self._told

    def announce(self, line: str, level: int = logging.WARNING) -> None:
        """Into the log where a program reads it, else to whoever started the server."""
        if self._settings.logs_as_json:
            log.log(level, line)
        else:
            say(line)
