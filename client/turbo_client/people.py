"""The people of a workspace, as the server keeps them: joined, listed, invited, changed, removed.

Who joins makes the key of this machine here and sends it along: an answer that got lost then costs nothing, because the
same invitation may be sent with the same key again.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from turbo_client import api_key
from turbo_client.backend import Request
from turbo_client.errors import Refused, ServerTooOld
from turbo_client.machine_keys import Ask, MachineKey


def join(ask: Ask, machine: str) -> tuple[MachineKey, str]:
    """`ask` has the invitation in the place of a key. The key of this machine, and the person's role."""
    value = api_key.mint()
    answer = _sent(ask, Request("POST", "/v1/join", body=_body({"key": value, "machine": machine})))
    return MachineKey({"key": value, "id": answer.get("key_id")}), str(answer.get("role", ""))


def listed(ask: Ask) -> dict[str, Any]:
    return _sent(ask, Request("GET", "/v1/people"))


def invite(ask: Ask, name: str, role: str, days: int | None) -> dict[str, Any]:
    """The answer holds the invitation: shown once, and nowhere else."""
    given: dict[str, object] = {"name": name, "role": role, **({"days": days} if days else {})}
    return _sent(ask, Request("POST", "/v1/invitations", body=_body(given), reads=False))


def change_role(ask: Ask, name: str, role: str) -> dict[str, Any]:
    return _sent(ask, Request("POST", "/v1/people", body=_body({"name": name, "role": role}), reads=False))


def remove(ask: Ask, name: str) -> dict[str, Any]:
    return _sent(ask, Request("DELETE", "/v1/people", body=_body({"name": name}), reads=False))


def access(ask: Ask, project: str) -> dict[str, Any]:
    return _sent(ask, Request("GET", f"/v1/access?{urlencode({'project': project})}"))


def set_access(ask: Ask, project: str, **wanted: object) -> dict[str, Any]:
    return _sent(ask, Request("POST", "/v1/access", body=_body({"project": project, **wanted}), reads=False))


def _body(given: dict[str, object]) -> bytes:
    return json.dumps(given).encode()


def _sent(ask: Ask, request: Request) -> dict[str, Any]:
    try:
        return ask(request).json_object()
    except Refused as refusal:
        if refusal.status == 405 or (refusal.status == 404 and refusal.code == "not_found"):
            raise ServerTooOld("This server is too old for teams.", "Have it updated: see its CHANGELOG.") from None
        raise
