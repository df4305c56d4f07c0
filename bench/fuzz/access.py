"""The fuzzing's own keys and people: one may be drawn to revoke its key, and needs people whom it may remove."""

import itertools
from typing import Any

import httpx

from bench.server import Running, new_key
from turbo_server.account.token import mint

JOIN = "/v1/join"
ABOUT_KEYS = ("/v1/keys",)
ABOUT_PEOPLE = ("/v1/people", "/v1/access")


class Access:
    def __init__(self, live: Running) -> None:
        self.url = f"http://127.0.0.1:{live.port}"
        self.headers = {"Authorization": f"Bearer {live.server.token}"}
        self._environment = live.server.environment
        self._web = httpx.Client(base_url=self.url, timeout=60)
        self._numbers = itertools.count(1)

    def document(self) -> dict[str, Any]:
        result: dict[str, Any] = self._web.get("/openapi.json").json()
        return result

    def renew(self) -> None:
        """In place: whoever sends these headers then sends the new key."""
        self.headers["Authorization"] = f"Bearer {new_key(self._environment, '--scope', 'admin')}"

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        return self._post(f"/v1/tools/{tool}", arguments)

    def headers_for(self, path: str) -> dict[str, str]:
        """Who joins has an invitation in place of a key; each is good for once."""
        return {**self.headers, "Authorization": f"Bearer {self._invitation()}"} if path == JOIN else self.headers

    def words_for(self, path: str) -> dict[str, tuple[Any, ...]]:
        """What the arguments of that address could name, in the order of use."""
        if path == JOIN:
            return {"key": tuple(mint() for _ in range(500))}
        if path.startswith(ABOUT_KEYS):
            return {"id": self._spare_keys()}
        if path.startswith(ABOUT_PEOPLE):
            people = tuple(self._guest() for _ in range(3))
            return dict.fromkeys(("name", "add", "remove"), people)
        return {}

    def _spare_keys(self) -> tuple[int, ...]:
        """Some are made where there are few: one person may have no more than so many."""
        there = self._web.get("/v1/keys", headers=self.headers).json()["items"]
        spare = tuple(each["id"] for each in there if not each["is_current"])
        return spare or tuple(self._post("/v1/keys", {"name": f"spare {number}"})["id"] for number in range(3))

    def _guest(self) -> str:
        bearer = {"Authorization": f"Bearer {self._invitation()}"}
        return str(self._post(JOIN, {"key": mint(), "machine": "desk"}, bearer)["name"])

    def _invitation(self) -> str:
        return str(self._post("/v1/invitations", {"name": f"guest {next(self._numbers)}"})["invitation"])

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self._web.post(path, json=body, headers=headers or self.headers)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result
