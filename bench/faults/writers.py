"""People at work: real turbo-client processes, each with several calls in flight, and what each call was told."""

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.mcp_session import Session, session
from bench.process import PROGRAMS, Command, DidNotStart

COMMAND: Command = (PROGRAMS / "turbo-client", "serve")
CREATE, LOG = "create_issue", "log_work"
NOT_SAVED_LIMIT = 50  # tries of one write that is refused again and again


@dataclass
class Write:
    """One thing to be done: its text is nobody else's, so that what became of it can be found."""

    number: int
    tool: str
    project: str
    key: str | None = None  # as acknowledged
    tries: int = 0

    @property
    def text(self) -> str:
        return f"write {self.number}"

    @property
    def arguments(self) -> dict[str, Any]:
        word = "title" if self.tool == CREATE else "text"
        return {"project": self.project, word: self.text}


@dataclass
class Ledger:
    """What all writers share. A write that was surely not saved is called again, as a person would."""

    left: list[Write]
    saved: list[Write] = field(default_factory=list)
    unknown: list[Write] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)  # of calls that were not acknowledged
    called_again: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Write | None:
        with self._lock:
            return self.left.pop() if self.left else None

    @property
    def settled(self) -> int:
        return len(self.saved) + len(self.unknown)

    def settle(self, write: Write, result: dict[str, Any]) -> None:
        said = result["content"][0]["text"]
        with self._lock:
            if not result.get("isError"):
                write.key = json.loads(said).get("key")
                self.saved.append(write)
                return
            self.said[said] += 1
            if "Unknown whether" in said:
                self.unknown.append(write)
            else:
                write.tries += 1
                self.called_again += 1
                if write.tries > NOT_SAVED_LIMIT:
                    raise DidNotStart(f"a write is refused again and again: {said}")
                self.left.append(write)


class Writers:
    """As many turbo-clients as the first of `size` says, each with as many calls in flight as the second."""

    def __init__(self, ledger: Ledger, environment: Mapping[str, str], size: tuple[int, int], log: Path) -> None:
        processes, self._together = size
        self._ledger = ledger
        self._environment = environment
        self._log = log
        self.failures: list[str] = []
        self._sessions: list[Session] = []
        self._threads = [threading.Thread(target=self._run, name=f"writer {number}") for number in range(processes)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def are_at_work(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        """Whatever is still at work then is cut short."""
        for each in self._sessions if self.are_at_work else ():
            each.process.kill()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        try:
            with session(COMMAND, self._environment, self._log) as client:
                self._sessions.append(client)
                client.initialize()
                self._work(client)
        except (DidNotStart, OSError) as failure:
            self.failures.append(str(failure))

    def _work(self, client: Session) -> None:
        in_flight: dict[int, Write] = {}
        while True:
            while len(in_flight) < self._together and (write := self._ledger.next()) is not None:
                in_flight[client.send("tools/call", {"name": write.tool, "arguments": write.arguments})] = write
            if not in_flight:
                return
            number, message = client.receive()
            if number in in_flight:
                if "result" not in message:
                    raise DidNotStart(f"a call was answered with {message}")
                self._ledger.settle(in_flight.pop(number), message["result"])
