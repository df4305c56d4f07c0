"""What a webhook's owner asks the server."""

from typing import Any

from tests.server.harness import Person
from tests.server.receiver import Receiver

PATH = "/v1/webhooks"


def make(person: Person, somebody: Receiver, **more: object) -> Any:
    return person.ask("POST", PATH, url=somebody.url, **more)


def deliveries(person: Person, webhook: int, **more: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.ask("GET", f"{PATH}/deliveries", id=webhook, **more)["items"]
    return found
