"""Sessions that go on working while servers come and go: every attempt is written down as what it was."""

import itertools
import json
import random
import select
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from bench.faults.writers import CREATE, LOG, Write
from bench.rounds import percentile

ATTEMPTS = 5
PAUSE_SECONDS = 0.2
THINKS_SECONDS = 0.03  # between two calls: a machine that has all it can do shows only how long it is waited for
LIMIT_SECONDS = 30.0
PROJECTS = ("RED", "BLUE", "GREEN")


@dataclass
class Rotation:
    """The servers that calls are sent to: as Fly's proxy has it, which sends nothing new to a machine that stops."""

    ports: list[int]

    def pick(self, number: int) -> int:
        ports = self.ports
        return ports[number % len(ports)]

    def take_out(self, port: int) -> None:
        self.ports = [each for each in self.ports if each != port]

    def put_in(self, port: int) -> None:
        self.ports = [*self.ports, port]


@dataclass
class Ledger:
    """Attempts, not calls: one that was refused and then repeated with success is two."""

    statuses: Counter[int] = field(default_factory=Counter)  # 0: no answer
    seconds: list[float] = field(default_factory=list)
    saved: list[Write] = field(default_factory=list)
    gave_up: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def server_errors(self) -> int:
        return sum(times for status, times in self.statuses.items() if status >= 500)

    @property
    def refused(self) -> int:
        return sum(times for status, times in self.statuses.items() if 400 <= status < 500)

    @property
    def p95_ms(self) -> float:
        return percentile(self.seconds, 0.95) * 1000


class Session(threading.Thread):
    """One agent: writes and reads in turn, one call after the other, each asked again until it is answered."""

    def __init__(self, number: int, token: str, rotation: Rotation, ledger: Ledger, over: threading.Event) -> None:
        super().__init__(name=f"session {number}")
        self._draw = random.Random(number)
        self._token = token
        self._rotation = rotation
        self._ledger = ledger
        self._over = over
        self._calls = itertools.count(number * 1_000_000)
        self._connections: dict[int, HTTPConnection] = {}
        self._keys: list[str] = []

    def run(self) -> None:
        for number in self._calls:
            if self._over.is_set():
                break
            tool, arguments = self._next(number)
            result = self._until_answered(number, tool, arguments)
            if result is not None:
                self._note(number, tool, result)
            self._over.wait(THINKS_SECONDS)
        for connection in self._connections.values():
            connection.close()

    def _next(self, number: int) -> tuple[str, dict[str, object]]:
        project = PROJECTS[number % len(PROJECTS)]
        known = self._keys[-1] if self._keys else None
        choices: Sequence[tuple[str, dict[str, object]]] = (
            (CREATE, {"project": project, "title": f"write {number}", "labels": ["bench"]}),
            ("list_issues", {"project": project, "status": ["open"], "limit": 20}),
            ("search", {"query": "write", "project": project}),
            ("get_status", {}),
            *(
                (
                    ("update_issue", {"key": known, "status": self._draw.choice(("ready", "in_progress", "done"))}),
                    ("get_item", {"key": known, "include": ["comments", "history"]}),
                    ("add_comment", {"key": known, "text": f"comment {number}"}),
                    (LOG, {"issue": known, "text": f"log {number}", "minutes": 1}),
                )
                if known
                else ()
            ),
        )
        return self._draw.choice(choices)

    def _note(self, number: int, tool: str, result: dict[str, Any]) -> None:
        if tool == CREATE:
            self._keys.append(result["key"])
            self._ledger.saved.append(Write(number, CREATE, result["key"].partition("-")[0], result["key"]))

    def _until_answered(self, number: int, tool: str, arguments: dict[str, object]) -> dict[str, Any] | None:
        """None where it was not answered with success in the end."""
        key = str(uuid.uuid4())
        for attempt in range(ATTEMPTS):
            status, body = self._attempt(self._rotation.pick(number + attempt), tool, arguments, key)
            if status == 200:
                return body
            self._ledger.failures[f"{tool}: {status} {body.get('error', {}).get('code', body)}"] += 1
            if 400 <= status < 500:
                break
            time.sleep(PAUSE_SECONDS)
        self._ledger.gave_up += 1
        return None

    def _attempt(self, port: int, tool: str, arguments: dict[str, object], key: str) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        began = time.perf_counter()
        connection = self._connections.setdefault(port, HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS))
        if connection.sock is not None and select.select([connection.sock], [], [], 0)[0]:
            connection.close()  # the server hung up meanwhile: seen before anything is sent, as every client does
        try:
            connection.request("POST", f"/v1/tools/{tool}", json.dumps(arguments), headers)
            answer = connection.getresponse()
            status, body = answer.status, json.loads(answer.read())
        except (OSError, HTTPException) as error:
            connection.close()
            status, body = 0, {"error": {"code": type(error).__name__}}
        self._ledger.statuses[status] += 1
        self._ledger.seconds.append(time.perf_counter() - began)
        return status, body
