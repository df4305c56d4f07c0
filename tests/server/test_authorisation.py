"""Who may do what: every verb by role, scope of the key and place, made from the catalogue."""

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import PostgresDatabases
from tests.server.harness import Turbo
from tests.server.places import (
    CONVERSATIONS,
    DECISIONS,
    FOREIGN,
    HIDDEN,
    NOTHING,
    SAMPLES,
    VEILED,
    VERBS,
    Places,
    aimed,
    furnish,
    key_arguments,
    with_key,
)
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope

# What names something of a place otherwise than by a key: verb, argument, and what a stranger would have to know.
OTHER_NAMES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("undo", {"session": f"{HIDDEN}-session"}),
    ("list_issues", {"label": [f"{HIDDEN}label"], "project": None}),
    ("list_issues", {"text": HIDDEN, "project": None}),
    ("search", {"query": HIDDEN, "project": None}),
    ("search", {"query": f"{HIDDEN[:-1]}", "project": None}),
    ("search", {"query": "xylofon", "project": None}),
    ("list_items", {"kind": "label", "text": HIDDEN, "project": None}),
    ("GET /v1/events", {"project": None, "session": f"{HIDDEN}-session"}),
    ("GET /v1/events", {"project": None, "machine": f"{HIDDEN}-box"}),
)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """One for all tests of a database: nothing that they do is kept."""
    if request.param == "sqlite":
        copy = tmp_path_factory.mktemp("places") / "turbo.db"
        url = f"sqlite:///{shutil.copyfile(request.getfixturevalue('sqlite_template'), copy)}"
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        url = databases.take()
    with Turbo(url) as turbo:
        yield furnish(turbo)
    if request.param == "postgres":
        databases.give_back(url)


def test_every_verb_has_a_sample() -> None:
    assert set(SAMPLES) == set(VERBS)


def test_every_verb_is_done_by_those_who_may_and_by_nobody_else(places: Places) -> None:
    wrong = []
    for (role, scope), caller in places.callers.items():
        for verb, arguments in SAMPLES.items():
            needed = VERBS[verb].needs
            expected = 200 if role.scope.includes(needed) and scope.includes(needed) else 403
            answer = places.ask(caller, verb, arguments)
            if answer.status != expected or HIDDEN.encode() in answer.body:
                wrong.append((role, scope, verb, answer.status, answer.body))
    assert wrong == []


def test_who_may_not_with_any_key_is_told_that_it_is_his_role(places: Places) -> None:
    answer = places.ask(places.callers[Role.VIEWER, Scope.ADMIN], "create_issue", SAMPLES["create_issue"])
    assert json.loads(answer.body)["error"]["code"] == "role_missing"
    answer = places.ask(places.callers[Role.OWNER, Scope.READ], "create_issue", SAMPLES["create_issue"])
    assert json.loads(answer.body)["error"]["code"] == "scope_missing"


def test_the_samples_are_done_where_they_are_seen(places: Places) -> None:
    """Else their refusal elsewhere would prove nothing."""
    for who, place in ((places.insider, VEILED), (places.foreigner, FOREIGN)):
        for verb, arguments in SAMPLES.items():
            if aimed(arguments, place) != arguments and verb != "POST /v1/access":
                answer = places.ask(who, verb, aimed(arguments, place))
                assert answer.status == 200, (verb, answer.body)


@pytest.mark.parametrize("place", [FOREIGN, VEILED])
def test_no_verb_knows_the_key_of_what_is_not_seen(places: Places, place: str) -> None:
    """Every argument that takes a key, with every kind of key that it takes: as for what is not there, to the byte."""
    tried, wrong = 0, []
    for role, (verb, name, kind) in itertools.product(Role, all_key_arguments()):
        if not role.scope.includes(VERBS[verb].needs):
            continue
        caller = places.callers[role, Scope.ADMIN]
        answer = places.ask(caller, verb, with_key(verb, name, kind, place))
        nothing = places.ask(caller, verb, with_key(verb, name, kind, NOTHING))
        tried += 1
        same = (answer.status, unnamed(answer.body, place)) == (nothing.status, unnamed(nothing.body, NOTHING))
        if not same or answer.status not in (404, 409, 422):
            wrong.append((role, verb, name, kind, answer, nothing))
    assert wrong == []
    assert tried > 150


def all_key_arguments() -> Iterator[tuple[str, str, str]]:
    for verb in SAMPLES:
        for name, kind in key_arguments(verb):
            if (verb, name) != ("create_project", "key"):  # a key that is free, or taken: see test_private_projects
                yield verb, name, kind


def unnamed(body: bytes, place: str) -> str:
    """The answer without the key that was asked for."""
    text = body.decode().replace(DECISIONS[place], "?").replace(CONVERSATIONS[place], "?").replace(place, "?")
    return re.sub(r" ?Nearest: (?:DEC|ASK)-1\.?", "", text).strip()


def test_every_argument_that_takes_a_key_is_found() -> None:
    found = set(all_key_arguments())
    assert ("link_items", "to", "document") in found
    assert ("update_issue", "blocked_by", "issue") in found
    assert ("update_decision", "superseded_by", "decision") in found
    assert len({(verb, name) for verb, name, _ in found}) > 40


def test_no_answer_has_a_byte_of_what_is_not_seen(places: Places) -> None:
    caller = places.callers[Role.OWNER, Scope.ADMIN]
    for verb, arguments in (*SAMPLES.items(), *wide(), *OTHER_NAMES):
        given = {**SAMPLES[verb], **arguments}
        given = {name: value for name, value in given.items() if value is not None}
        answer = places.ask(caller, verb, given)
        said = re.sub(r"[\w+/=-]{40,}", "", answer.body.decode())  # a random secret may hold any three letters
        for value in (each for each in given.values() if isinstance(each, str)):
            said = said.replace(value, "")  # what the caller said himself
        marks = (HIDDEN, VEILED, FOREIGN, "DEC-2", "DEC-901", "fay", "elsewhere")
        assert [mark for mark in marks if mark.casefold() in said.casefold()] == [], (verb, given, said)


def wide() -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever lists, without a project to narrow it."""
    for verb, tool in VERBS.items():
        if "project" in tool.input_schema["properties"] and "project" not in tool.input_schema["required"]:
            yield verb, {"project": None, "issue": None}
    for kind in VERBS["list_items"].input_schema["properties"]["kind"]["enum"]:
        yield "list_items", {"kind": kind, "project": None}
    yield "list_projects", {"archived": True}
    yield "GET /v1/people", {}


def test_numbers_and_names_of_another_workspace_are_unknown(places: Places) -> None:
    caller = places.callers[Role.OWNER, Scope.ADMIN]
    event = places.foreigner.ask("GET", "/v1/events")["items"][0]["id"]
    comment = places.foreigner.call("get_item", key=f"{FOREIGN}-1", include=["comments"])["latest_comments"][0]["id"]
    key = places.foreigner.ask("GET", "/v1/keys")["items"][0]["id"]
    for verb, arguments in (
        ("undo", {"event": event, "session": None}), ("add_comment", {"reply_to": comment}),
        ("DELETE /v1/keys", {"id": key}), ("POST /v1/keys/rename", {"id": key}),
        ("POST /v1/people", {"name": "fay"}), ("DELETE /v1/people", {"name": "fay"}),
        ("create_issue", {"assignee": "fay"}), ("list_issues", {"assignee": "fay"}),
        ("POST /v1/access", {"add": ["fay"]}), ("GET /v1/events", {"person": "fay"}),
        ("read_audit", {"key": f"{FOREIGN}-1"}), ("read_audit", {"key": f"{VEILED}-1"}),
        ("read_audit", {"account": "fay"}),
    ):  # fmt: skip
        given = {name: value for name, value in {**SAMPLES[verb], **arguments}.items() if value is not None}
        answer = places.ask(caller, verb, given)
        assert answer.status == 404, (verb, answer)
        assert HIDDEN.encode() not in answer.body


def test_a_hidden_event_is_as_one_that_is_not_there(places: Places) -> None:
    caller = places.callers[Role.OWNER, Scope.ADMIN]
    for item in places.insider.ask("GET", "/v1/events", project=VEILED)["items"]:
        answer = places.ask(caller, "undo", {"event": item["id"]})
        assert json.loads(answer.body)["error"]["code"] == "event_not_found"
