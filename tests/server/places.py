"""Every verb of the server with arguments that fit, and three places to aim them at: one's own project, another
workspace, and a private project that is nothing to the caller. A verb that is missing here fails the tests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from tests.server.harness import Person, Turbo
from tests.server.one_place import fill_place
from tests.server.rehearsing import Rehearsing
from turbo_server.account.grants import NEVER, Grant
from turbo_server.catalogue import ENDPOINTS, Catalogue
from turbo_server.kit.answer import Answer
from turbo_server.kit.database import Connection
from turbo_server.kit.idempotency import Once
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql
from turbo_server.kit.tool import Tool
from turbo_server.mentor.answering import proposal_store
from turbo_server.relation.graph import GRAPH

VERBS: dict[str, Tool] = {
    **Catalogue().tools,
    **{f"{each.method} {each.path}": each.tool for each in (*ENDPOINTS, GRAPH)},
}
HIDDEN = "xylophon"  # in every text that a stranger must not read
# A project's key by place; that of NOTHING is like no other, so that no hint guesses at one.
OWN, FOREIGN, VEILED, NOTHING = "OWN", "ZYXX", "VEIL", "QZQZ"
CONVERSATIONS = {OWN: "ASK-1", FOREIGN: "ASK-901", VEILED: "ASK-2", NOTHING: "ASK-77"}
DECISIONS = {OWN: "DEC-1", FOREIGN: "DEC-901", VEILED: "DEC-2", NOTHING: "DEC-77"}
# By verb, aimed at one's own project; DEC-1 is its decision. Each must be done for whoever may do it.
SAMPLES: dict[str, dict[str, Any]] = {
    "get_status": {"project": OWN},
    "get_item": {"key": f"{OWN}-1", "include": ["comments", "links", "history", "work_log"]},
    "list_items": {"kind": "decision", "project": OWN},
    "list_projects": {},
    "create_project": {"key": "NEW", "name": "x"},
    "create_issue": {"project": OWN, "title": "x"},
    "update_issue": {"key": f"{OWN}-1", "title": "y"},
    "list_issues": {"project": OWN},
    "create_issues": {"issues": [{"project": OWN, "title": "x"}]},
    "log_work": {"text": "x", "issue": f"{OWN}-1"},
    "add_comment": {"key": f"{OWN}-1", "text": "x"},
    "create_initiative": {"project": OWN, "title": "x"},
    "update_initiative": {"key": f"{OWN}-I1", "title": "y"},
    "create_milestone": {"project": OWN, "title": "x"},
    "update_milestone": {"key": f"{OWN}-M1", "title": "y"},
    "create_decision": {"title": "x", "project": OWN},
    "update_decision": {"key": "DEC-1", "title": "y"},
    "link_items": {"from": f"{OWN}-1", "type": "relates", "to": f"{OWN}-D1"},
    "create_document": {"project": OWN, "title": "x", "text": "x"},
    "update_document": {"key": f"{OWN}-D1", "text": "y"},
    "next_issue": {"project": OWN},
    "release_issue": {"key": f"{OWN}-1", "outcome": "done"},
    "archive_item": {"key": f"{OWN}-1"},
    "restore_item": {"key": f"{OWN}-1"},
    "undo": {"session": "own-session"},
    "search": {"query": "paper", "project": OWN},
    "ask_mentor": {"mentor": "architect", "question": "What is to be said?", "about": f"{OWN}-1"},
    "create_mentor": {"name": "architect", "role": "x"},
    "record_answer": {"conversation": "ASK-1", "text": "x"},
    "read_audit": {"key": f"{OWN}-1"},
    "GET /v1/events": {"project": OWN},
    "GET /v1/activity": {"project": OWN},
    "GET /v1/queue": {"project": OWN},
    "POST /v1/queue": {"key": f"{OWN}-1", "project": OWN},
    "GET /v1/claims": {"project": OWN},
    "GET /v1/views": {},
    "POST /v1/views": {"name": "x", "page": "issues", "query": f"project={OWN}", "shared": True},
    "POST /v1/views/change": {"id": "own view", "name": "y"},
    "POST /v1/views/order": {"ids": ["own view"]},
    "DELETE /v1/views": {"id": "own view"},
    "POST /v1/leases": {},
    "DELETE /v1/leases": {},
    "GET /v1/graph": {"project": OWN},
    "POST /v1/keys": {"name": "x", "projects": [OWN]},
    "GET /v1/keys": {},
    "DELETE /v1/keys": {"id": "own"},
    "POST /v1/keys/rename": {"id": "own", "name": "x"},
    "POST /v1/keys/rotate": {},
    "GET /v1/imports": {},
    "POST /v1/imports": {"name": "x.csv", "content": "dGl0bGUKeA==", "project": OWN},
    "POST /v1/projects": {"project": OWN, "name": "x"},
    "GET /v1/people": {},
    "POST /v1/people": {"name": "jonas", "role": "viewer"},
    "DELETE /v1/people": {"name": "jonas"},
    "POST /v1/invitations": {"name": "newcomer"},
    "GET /v1/session": {},
    "DELETE /v1/session": {},
    "POST /v1/session/link": {},
    "GET /v1/access": {"project": OWN},
    "POST /v1/access": {"project": OWN, "private": True, "add": ["jonas"]},
    "POST /v1/webhooks": {"url": "https://example.com/", "projects": [OWN]},
    "GET /v1/webhooks": {},
    "GET /v1/usage": {},
    "GET /v1/mentors": {},
    "POST /v1/mentors": {"name": "architect", "role": "x"},
    "GET /v1/conversations": {"project": OWN},
    "GET /v1/conversation": {"key": "ASK-1"},
    "POST /v1/conversations/rename": {"key": "ASK-1", "title": "x"},
    "POST /v1/questions": {"mentor": "architect", "question": "What is to be said?", "about": f"{OWN}-1"},
    "POST /v1/proposals": {"conversation": "ASK-1", "accept": [1]},
    "GET /v1/documents/text": {"key": f"{OWN}-D1"},
    "GET /v1/documents/versions": {"key": f"{OWN}-D1"},
    "GET /v1/documents/diff": {"key": f"{OWN}-D1", "from": 1},
    "GET /v1/decisions/line": {"key": "DEC-1"},
    "GET /v1/burn-up": {"key": f"{OWN}-M1"},
    "GET /v1/timeline": {"project": OWN},
    "DELETE /v1/webhooks": {"id": 1},
    "POST /v1/webhooks/test": {"id": 1},
    "GET /v1/webhooks/deliveries": {"id": 1},
    "POST /v1/webhooks/redeliver": {"id": 1},
}  # fmt: skip


@dataclass
class Places:
    """`callers` by role and scope: nothing of FOREIGN or VEILED is theirs. The id `own` is the asking key's."""

    turbo: Turbo
    callers: dict[tuple[Role, Scope], Person]
    insider: Person
    foreigner: Person

    def ask(self, caller: Person, verb: str, arguments: dict[str, Any]) -> Answer:
        text = json.dumps(arguments)
        for name, found in (("own", caller_id), ("own view", view_id)):
            text = text.replace(f'"{name}"', str(found(caller))) if f'"{name}"' in text else text
        body = text.encode()
        return self.turbo.run(self.turbo.runner.answer_endpoint(VERBS[verb], body, caller.token, caller.caller))


def caller_id(caller: Person) -> int:
    items = caller.ask("GET", "/v1/keys")["items"]
    return int(next(each["id"] for each in items if each["is_current"]))


def view_id(caller: Person) -> int:
    """Of a view that the caller has; for one who may save none, any number is as good."""
    return next((int(each["id"]) for each in caller.ask("GET", "/v1/views")["items"] if each["mine"]), 1)


def furnish(turbo: Turbo) -> Places:
    """Three places with the same kinds of items in them; nothing that is asked for afterwards is kept."""
    foreigner = turbo.person("fay", workspace="elsewhere", machine=f"{HIDDEN}-box", session=f"{HIDDEN}-session")
    insider = turbo.person("ivy", role=Role.OWNER, machine="box", session="ivy-session")
    turbo.person("jonas")
    turbo.ada.ask("POST", "/v1/webhooks", url="https://example.com/")
    _fill(replace(turbo.ada, caller=replace(turbo.ada.caller, session="own-session")), OWN, "")
    _fill(insider, VEILED, HIDDEN)
    turbo.run(turbo.with_database(_number_foreign_decisions))
    _fill(foreigner, FOREIGN, HIDDEN)
    insider.ask("POST", "/v1/access", project=VEILED, private=True)
    callers = {
        (role, scope): turbo.person(f"{role}", Grant(scope, NEVER), role=role) for role in Role for scope in Scope
    }
    for caller in (callers[role, Scope.ADMIN] for role in Role if role.scope.includes(Scope.WRITE)):
        caller.ask("POST", "/v1/views", name="own", page="issues")
    rehearsing = replace(turbo.runner, database=Rehearsing(turbo.runner.database), once=Once())
    turbo.runner = rehearsing
    return Places(turbo, callers, insider, foreigner)


async def _number_foreign_decisions(db: Connection) -> None:
    """So that its numbers are nobody else's."""
    numbers = "next_decision = 901, next_conversation = 901"
    await db.fetch(sql(f"update workspaces set {numbers} where name = 'elsewhere' returning id"))


def _fill(person: Person, project: str, word: str) -> None:
    fill_place(person, project, word)
    person.ask("POST", "/v1/views", name=f"{word} view", page="issues", query=f"project={project}", shared=True)
    person.turbo.run(person.turbo.with_database(lambda db: _propose(db, project, f"{word} reason")))


async def _propose(db: Connection, project: str, reason: str) -> None:
    """In the latest answer: what only a model can do."""
    (turn,) = await db.fetch(sql("select id, workspace_id, conversation_id from turns order by id desc limit 1"))
    action = ("create_issue", json.dumps({"project": project, "title": "x"}), reason, "low")
    place = (turn["conversation_id"], turn["id"])
    await proposal_store.add(db, turn["workspace_id"], place, action, datetime.now(UTC))


def aimed(arguments: Any, place: str) -> Any:
    """The same arguments, with the keys of another place."""
    text = json.dumps(arguments)
    for own, other in ((f'"{OWN}"', f'"{place}"'), (f'"{OWN}-', f'"{place}-'), ('"DEC-1"', f'"{DECISIONS[place]}"'),
                       ('"ASK-1"', f'"{CONVERSATIONS[place]}"')):  # fmt: skip
        text = text.replace(own, other)
    return json.loads(text)


def key_arguments(verb: str) -> Iterator[tuple[str, str]]:
    """(argument, kind of key that it takes), found out by trying: whatever reads one refuses what is none by name."""
    tool, sample = VERBS[verb], SAMPLES[verb]
    for name, schema in tool.input_schema["properties"].items():
        if not _refuses_as_key(tool, {**sample, name: _listed("?!", schema)}, name):
            continue
        for kind, key in KEYS_OF[OWN].items():
            if not _refuses_as_key(tool, {**sample, name: _listed(key, schema)}, name):
                yield name, kind


def with_key(verb: str, name: str, kind: str, place: str) -> dict[str, Any]:
    schema = VERBS[verb].input_schema["properties"][name]
    return {**SAMPLES[verb], name: _listed(KEYS_OF[place][kind], schema)}


def _listed(key: str, schema: dict[str, Any]) -> Any:
    return [key] if schema.get("type") == "array" else key


def _refuses_as_key(tool: Tool, arguments: dict[str, Any], name: str) -> bool:
    from datetime import date

    try:
        tool.arguments.model_validate(arguments, context={"today": date(2026, 1, 1)})
    except ValidationError as error:
        return any(each["loc"][:1] == (name,) and each["type"] in KEY_ERRORS for each in error.errors())
    return False


KEY_ERRORS = {"item_key", "project_key"}
KEYS_OF = {
    place: {
        "project": place, "issue": f"{place}-1", "initiative": f"{place}-I1", "milestone": f"{place}-M1",
        "document": f"{place}-D1", "decision": DECISIONS[place], "conversation": CONVERSATIONS[place],
    }
    for place in (OWN, FOREIGN, VEILED, NOTHING)
}  # fmt: skip
