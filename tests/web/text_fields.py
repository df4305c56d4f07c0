"""Every place of the API that keeps text, found out by its OpenAPI document and by trying."""

import copy
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from tests.server.live import NO_TLS, LiveServer
from tests.server.one_place import fill_place
from tests.server.places import OWN, SAMPLES

from .openapi import document

PROBE = '"><b>?</b>'
# Operations that nobody signed in with a key can ask.
LEFT_OUT = {"POST /v1/session", "POST /v1/join"}

Path = tuple[str, ...]


@dataclass(frozen=True)
class Field:
    verb: str
    path: Path

    def __str__(self) -> str:
        return f"{self.verb} {'.'.join(self.path)}"


def fields() -> Iterator[Field]:
    """Those of every writing operation that take any string."""
    for address, operations in _document()["paths"].items():
        for method, operation in operations.items():
            verb = f"{method.upper()} {address}"
            verb = verb.removeprefix("POST /v1/tools/")
            if "requestBody" not in operation or verb in LEFT_OUT or method == "delete":
                continue
            assert verb in SAMPLES, f"{verb} needs a call that fits in tests/server/places.py"
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            yield from (Field(verb, path) for path in dict.fromkeys(_strings(schema, ())))


def _strings(schema: dict[str, Any], path: Path) -> Iterator[Path]:
    while "$ref" in schema:
        schema = _document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(name, ()):
            yield from _strings(each, path)
    types = schema.get("type", ())
    for name, each in schema.get("properties", {}).items():
        yield from _strings(each, (*path, name))
    if "array" in types:
        yield from _strings(schema["items"], (*path, "[]"))
    if "string" in types and not schema.keys() & {"enum", "const", "format"}:
        yield path


@cache
def _document() -> Any:
    return json.loads(document())


class Writer:
    """Puts texts into fields by calls that are otherwise right. Remembers which items it made or changed."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._client = httpx.Client(base_url=server.url, headers=server.headers, verify=NO_TLS)
        fill_place(server, OWN, "")
        self.touched: dict[str, None] = {f"{OWN}-1": None, f"{OWN}-D1": None, "DEC-1": None}

    def close(self) -> None:
        self._client.close()

    def keeps(self, field: Field) -> bool:
        """Whether it takes a text that is no key, name or date of anything."""
        return self.write(field.verb, {field: PROBE})

    def write(self, verb: str, texts: dict[Field, str], by: str = "") -> bool:
        body = copy.deepcopy(SAMPLES[verb])
        for field, text in texts.items():
            _put(body, field.path, text)
        if verb == "create_project":
            body["key"] = f"N{len(self.touched)}"
        method, _, address = f"POST /v1/tools/{verb}".rpartition(" ") if " " not in verb else verb.partition(" ")
        headers = {"Turbo-Session": by, "Turbo-Machine": by} if by.isascii() and by.isprintable() else {}
        answer = self._client.request(method.strip(), address, json=body, headers=headers)
        assert answer.status_code < 500, (verb, body, answer.text)
        if answer.is_success:
            self.touched |= dict.fromkeys(_keys(answer.json()))
        return answer.is_success


def _put(body: Any, path: Path, text: str) -> None:
    """At `issues.[].title` the first issue is changed; where there is none, one is made."""
    for name, following in zip(path, (*path[1:], ""), strict=True):
        at: Any = 0 if name == "[]" else name
        made: Any = text if not following else [] if following == "[]" else {}
        if isinstance(body, list):
            if not body:
                body.append(made)
        elif at not in body or not following:
            body[at] = made
        if not following:
            body[at] = text
        body = body[at]


def _keys(answer: Any) -> Iterator[str]:
    lists = (each for each in answer.values() if isinstance(each, list))
    found = itertools.chain([answer], *lists)
    return (each["key"] for each in found if isinstance(each, dict) and isinstance(each.get("key"), str))
