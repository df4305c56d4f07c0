"""Calls one operation many times, by its schema and against it, and collects how its answers break the document."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import requests
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from turbo_server.kit.idempotency import HEADER

from .access import JOIN, Access
from .oddities import damaged, odd_headers, odd_query
from .world import World

SHOWN_FAILURES = 3
# Left out: positive_data_acceptance, as what a key or a day looks like stands in words and not in the schema, and
# negative_data_rejection, as the server repairs what is meant clearly ("5" for 5): is_covered and _unfit stand in.
CHECKS = [
    status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
]  # fmt: skip
AUTH_SHARE = 0.1  # of the cases that are also sent without a key, and with a wrong one
NEW_KEY_SHARE = 0.8
TIMEOUT_SECONDS = 30


@dataclass
class Outcome:
    """Of one operation: how often it was called, what it answered, and what was wrong with that."""

    label: str
    wanted: int
    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    @property
    def is_covered(self) -> bool:
        """Called as often as wanted, and brought to do its work at least once."""
        return self.cases >= self.wanted and any(status < 300 for status in self.statuses)

    def fail(self, title: str, shown: str) -> None:
        self.failures[title] += 1
        if self.failures[title] == 1 and len(self.shown) < SHOWN_FAILURES:
            self.shown.append(f"{title}\n{shown}")


class Campaign:
    def __init__(self, access: Access, seed: int) -> None:
        self.access = access
        self.seed = seed
        self.session = requests.Session()

    def run(self, operation: Any, world: World, cases: int) -> Outcome:
        """Half of the cases as the schema has them, a quarter against it, a quarter damaged on their way."""
        outcome = Outcome(operation.label, cases)
        draw = random.Random(f"{self.seed} {operation.label}")
        positive = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        raw = operation.definition.raw
        takes = raw.get("parameters") or raw.get("requestBody")  # what takes nothing cannot be given wrong things
        negative = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) if takes else positive
        quarter = cases // 4
        self._many(outcome, positive, cases - 2 * quarter, lambda case: self._by_schema(outcome, case, world, draw))
        self._many(outcome, negative, quarter, lambda case: self._against(outcome, case, draw))
        self._many(outcome, positive, quarter, lambda case: self._damaged(outcome, case, world, draw))
        return outcome

    def _many(self, outcome: Outcome, strategy: Any, count: int, play: Any) -> None:
        @hypothesis.seed(self.seed)
        @hypothesis.settings(
            max_examples=count, database=None, deadline=None, phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )  # fmt: skip
        # The number keeps Hypothesis from stopping where an operation has few arguments.
        @hypothesis.given(strategy, st.integers(0, 2**64))
        def many(case: Any, _number: int) -> None:
            try:
                play(case)
            except requests.RequestException as error:
                outcome.fail("no answer", f"{case.operation.label} {case.body!r:.300}\n{error!r:.300}")

        many()

    def _by_schema(self, outcome: Outcome, case: Any, world: World, draw: random.Random) -> None:
        tool = case.operation.definition.raw["operationId"]
        if isinstance(case.body, dict):
            case.body = world.aim(draw, tool, case.body)
        if HEADER in (case.headers or {}) and draw.random() < NEW_KEY_SHARE:
            case.headers[HEADER] = f"{draw.getrandbits(64):x}"  # the same few would mostly be refused as another call's
        if case.query:
            case.query = world.aim(draw, tool, dict(case.query))
        checks = [*CHECKS, ignored_auth] if case.operation.path != JOIN and draw.random() < AUTH_SHARE else CHECKS
        self._judge(outcome, case, self._send(case, odd_headers(draw)), checks)

    def _against(self, outcome: Outcome, case: Any, draw: random.Random) -> None:
        self._judge(outcome, case, self._send(case, odd_headers(draw), odd_query(draw)), CHECKS)

    def _damaged(self, outcome: Outcome, case: Any, world: World, draw: random.Random) -> None:
        tool = case.operation.definition.raw["operationId"]
        method, url = case.operation.method.upper(), f"{self.access.url}{case.operation.path}"
        headers = {**odd_headers(draw), **self.access.headers_for(case.operation.path)}
        arguments = world.aim(draw, tool, case.body) if isinstance(case.body, dict) else {}
        body = None if method == "GET" else damaged(draw, arguments)
        response = self.session.request(
            method, url, params=odd_query(draw), data=body, headers=headers, timeout=TIMEOUT_SECONDS
        )
        self._judge(outcome, case, response, CHECKS, body)

    def _send(self, case: Any, headers: dict[str, Any], query: dict[str, Any] | None = None) -> Any:
        headers = {**headers, **self.access.headers_for(case.operation.path)}
        where = {"base_url": self.access.url, "session": self.session, "timeout": TIMEOUT_SECONDS}
        return case.call(headers=headers, params=query or None, **where)

    def _judge(self, outcome: Outcome, case: Any, response: Any, checks: list[Any], body: bytes | None = None) -> None:
        outcome.cases += 1
        outcome.statuses[response.status_code] += 1
        sent = body if body is not None else case.body
        said = f"{response.request.method} {response.request.url[:300]} {sent!r:.400}\n{response.status_code} "
        said += response.content[:400].decode(errors="replace")
        if response.status_code == 401 and case.operation.path != JOIN:
            self.access.renew()
        if response.status_code >= 500:
            outcome.fail("a server error", said)
        if response.status_code < 300 and (wrong := _unfit(case) if body is None else None):
            outcome.fail(f"accepted although {wrong}", said)
        try:
            case.validate_response(response, checks=checks, headers=self.access.headers,
                                   transport_kwargs={"base_url": self.access.url, "session": self.session})  # fmt: skip
        except FailureGroup as group:
            for failure in group.exceptions:
                outcome.fail(f"{failure.title}", f"{failure.message[:700]}\n{said}")


def _unfit(case: Any) -> str | None:
    """What an arguments object lacks or has too much; a null counts as not given."""
    body = case.operation.definition.raw.get("requestBody")
    if body is None or not isinstance(case.body, dict):
        return None
    schema = body["content"]["application/json"]["schema"]
    given = {name for name, value in case.body.items() if value is not None}
    if missing := set(schema["required"]) - given:
        return f"{', '.join(sorted(missing))} is missing"
    return "an argument is unknown" if given - set(schema["properties"]) else None
