"""A browser with the web page in it, as the tests of sessions have one."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest

from tests.server.harness import Person, Turbo
from tests.server.key_calls import Clock
from tests.server.test_rest import Web
from turbo_server.kit.context import Actor
from turbo_server.kit.errors import TurboError
from turbo_server.kit.sql import sql
from turbo_server.kit.token import SessionSecret


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(database_url: str, clock: Clock) -> Iterator[Web]:
    with Turbo(database_url, clock, web_url="https://web.example") as turbo:
        web = Web(turbo)
        yield web
        turbo.run(web.client.aclose())


OWN = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}


@dataclass
class Page:
    """A browser that has signed in, or not."""

    web: Web
    secret: str = ""

    def __call__(self, method: str, path: str, headers: dict[str, str] | None = None, **json: Any) -> httpx.Response:
        sent = {**(OWN if headers is None else headers), "Cookie": f"theme=dark; __Host-turbo={self.secret}"}
        return self.web(method, path, headers=sent, **({"json": json} if method != "GET" else {}))

    @property
    def actor(self) -> Actor:
        """By the clock of the test."""
        turbo = self.web.turbo
        return turbo.run(turbo.runner.identify(SessionSecret(self.secret), turbo.ada.caller))

    def refusal(self) -> str:
        with pytest.raises(TurboError) as refused:
            _ = self.actor
        return refused.value.code


def sign_in(web: Web, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
    return web("POST", "/v1/session", json=body, headers=OWN if headers is None else headers)


def page_of(web: Web, person: Person) -> Page:
    answer = sign_in(web, key=person.token)
    assert answer.status_code == 200, answer.text
    return Page(web, secret_of(answer))


def secret_of(answer: httpx.Response) -> str:
    [morsel] = SimpleCookie(answer.headers["set-cookie"]).values()
    return morsel.value


def code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


def link(web: Web, person: Person) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {person.token}"}
    made: dict[str, Any] = web("POST", "/v1/session/link", headers=headers, json={}).json()
    return made


def rows(web: Web) -> list[dict[str, Any]]:
    async def read(db: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await db.fetch(sql("select * from web_sessions order by id"))]

    return web.turbo.run(web.turbo.with_database(read))


def cookie_of(page: Page) -> dict[str, str]:
    return {"Cookie": f"__Host-turbo={page.secret}"}
