"""The same calls through the runner, over HTTP and through the stdio proxy: the same results, the same errors."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.client.session import Session
from tests.doors.cases import CASES
from tests.server.harness import ToolFailed, Turbo
from tests.server.live import LiveServer, error_of, live_server

Outcome = tuple[bool, Any]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def through_the_runner(turbo: Turbo) -> list[Outcome]:
    def call(tool: str, arguments: dict[str, Any]) -> Outcome:
        try:
            return True, turbo.call(tool, **arguments)
        except ToolFailed as failure:
            return False, f"{failure.message} {failure.hint}"

    return played(call)


def over_http(server: LiveServer) -> list[Outcome]:
    def call(tool: str, arguments: dict[str, Any]) -> Outcome:
        answer = server.post(tool, **arguments)
        if answer.status_code == 200:
            return True, answer.json()
        error = error_of(answer)
        return False, f"{error['message']} {error['hint']}"

    return played(call)


def through_the_proxy(server: LiveServer) -> list[Outcome]:
    environment = {**server.environment, "TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    with Session(environment) as session:
        session.initialize()

        def call(tool: str, arguments: dict[str, Any]) -> Outcome:
            result = session.call(tool, arguments)
            if result.get("isError"):
                return False, said(result["content"][0]["text"])
            assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
            return True, result["structuredContent"]

        return played(call)


def said(text: str) -> str:
    """Without what an error brings along, such as the current state: that has the proxy's own machine in it."""
    words, _, more = text.partition("\n{")
    assert not more or json.loads("{" + more)["current"]
    return words


def played(call: Callable[[str, dict[str, Any]], Outcome]) -> list[Outcome]:
    """Every case in turn; moments are replaced, and who wrote through which machine is a door's own."""
    return [(fine, without_moments(outcome)) for fine, outcome in (call(tool, given) for tool, given in CASES)]


def without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_moments(part) for name, part in value.items() if name not in ("machine", "session")}
    if isinstance(value, list):
        return [without_moments(part) for part in value]
    return MOMENT.sub("MOMENT", value) if isinstance(value, str) else value


def test_all_doors_answer_alike(new_database: Callable[[], str], tmp_path: Path) -> None:
    """Each door gets an empty database of its own."""
    outcomes = {}
    with Turbo(new_database()) as turbo:
        outcomes["runner"] = through_the_runner(turbo)
    with live_server(new_database(), tmp_path) as server:
        outcomes["http"] = over_http(server)
    with live_server(new_database(), tmp_path) as server:
        outcomes["proxy"] = through_the_proxy(server)
    assert sum(fine for fine, _ in outcomes["runner"]) > 12
    for number, (tool, arguments) in enumerate(CASES):
        said = f"{tool} {str(arguments)[:80]}"
        assert outcomes["http"][number] == outcomes["runner"][number], said
        assert outcomes["proxy"][number] == outcomes["runner"][number], said
