"""Plain HTTP calls, each on a connection of its own and asked once: what the server itself answers, and how soon."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from bench.server import Server

LIMIT_SECONDS = 90.0


@dataclass(frozen=True)
class Call:
    tool: str
    arguments: dict[str, Any]
    key: str


@dataclass(frozen=True)
class Told:
    """What a call was told; a status of 0 is no answer at all."""

    call: Call
    status: int
    code: str
    seconds: float
    result: dict[str, Any]


def creation(number: int, project: str = "RED", **more: object) -> Call:
    return Call("create_issue", {"project": project, "title": f"write {number}", **more}, str(uuid.uuid4()))


def send(server: Server, port: int, call: Call) -> Told:
    headers = {"Authorization": f"Bearer {server.token}", "Idempotency-Key": call.key}
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
    try:
        connection.request("POST", f"/v1/tools/{call.tool}", json.dumps(call.arguments), headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
    except (OSError, HTTPException) as error:
        return Told(call, 0, type(error).__name__, time.monotonic() - began, {})
    finally:
        connection.close()
    code = body["error"]["code"] if "error" in body else "ok"
    return Told(call, answer.status, code, time.monotonic() - began, body)


def send_together(server: Server, port: int, calls: list[Call]) -> list[Told]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(lambda call: send(server, port, call), calls))


def slowest(told: list[Told]) -> float:
    return max(each.seconds for each in told)
