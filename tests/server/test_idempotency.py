"""A call that is sent again with its key is not done again: what is answered, what is kept, and for whom."""

import json

import pytest

from tests.server.harness import Person, Turbo
from tests.server.keyed_calls import REPLAYED, code_of, issue, rows, titles
from tests.server.test_results import CALLS, prepare
from turbo_server.kit.sql import sql
from turbo_server.kit.tool import Effect


@pytest.fixture
def ada(turbo: Turbo) -> Person:
    turbo.call("create_project", key="TURBO", name="Turbo")
    return turbo.ada


def test_a_repeated_call_gets_the_same_bytes_and_is_done_once(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    first = keyed.answer("create_issue", issue("漢字 👩‍💻", labels=["a"]))
    again = keyed.answer("create_issue", issue("漢字 👩‍💻", labels=["a"]))
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers == REPLAYED
    assert titles(turbo) == ["漢字 👩‍💻"]


def test_without_a_key_or_with_another_each_call_is_one_of_its_own(turbo: Turbo, ada: Person) -> None:
    for key in ("a", "b", "A", None, None):
        assert ada.with_key(key).answer("create_issue", issue()).headers == {}
    assert len(titles(turbo)) == 5


def test_every_tool_that_writes_keeps_the_promise(turbo: Turbo) -> None:
    prepare(turbo)
    tools = [(name, given) for name, given in CALLS if turbo.runner.tools[name].effect is not Effect.READ]
    assert {name for name, _ in tools} == {
        name for name, each in turbo.runner.tools.items() if each.effect is not Effect.READ
    }
    for number, (name, arguments) in enumerate(tools):
        keyed, body = turbo.ada.with_key(f"k{number}"), json.dumps(arguments).encode()
        first = keyed.answer(name, body)
        with turbo.counting() as statements:
            again = keyed.answer(name, body)
        assert (first.status, again.body) == (200, first.body), name
        assert again.headers == {**first.headers, **REPLAYED}, name
        assert len(statements) == 3, f"{name}: who it is, the claim, the answer; nothing of the tool's own"


def test_spaces_and_order_of_the_json_do_not_make_another_call(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    first = keyed.answer("create_issue", b'{"project":"TURBO","title":"First","labels":["a","b"]}')
    again = keyed.answer("create_issue", b' {\n "labels": [ "a", "b" ], "title": "F\\u0069rst", "project": "TURBO"}')
    assert (again.body, again.headers) == (first.body, REPLAYED)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_issue", {"project": "TURBO", "title": "Second"}),
        ("create_issue", {"project": "TURBO", "title": "First", "labels": []}),
        ("create_issue", {"project": "turbo", "title": "First"}),
        ("log_work", {"project": "TURBO", "text": "First"}),
    ],
)
def test_a_key_with_another_payload_is_refused(
    turbo: Turbo, ada: Person, name: str, arguments: dict[str, object]
) -> None:
    keyed = ada.with_key("k1")
    first = keyed.answer("create_issue", issue())
    refused = keyed.answer(name, json.dumps(arguments).encode())
    assert (refused.status, code_of(refused)) == (422, "idempotency_key_reused")
    assert titles(turbo) == ["First"]
    assert keyed.answer("create_issue", issue()).body == first.body, "the refusal takes nothing from the first"


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "schlüssel", "a\tb", "k1, k2"])
def test_what_is_no_key_is_refused_and_nothing_is_done(turbo: Turbo, ada: Person, key: str) -> None:
    refused = ada.with_key(key).answer("create_issue", issue())
    assert (refused.status, code_of(refused)) == (400, "invalid_idempotency_key")
    assert titles(turbo) == []


@pytest.mark.parametrize("key", ["!", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_any_visible_ascii_is_a_key(ada: Person, key: str) -> None:
    assert ada.with_key(key).answer("create_issue", issue()).status == 200


def test_a_read_does_not_look_at_the_key(turbo: Turbo, ada: Person) -> None:
    for key in ("k1", "not a key"):
        assert ada.with_key(key).answer("list_projects", b"{}").status == 200
    assert rows(turbo) == []


def test_the_key_of_another_account_is_another_key(turbo: Turbo, ada: Person) -> None:
    for person in (ada, turbo.person("jonas")):
        assert person.with_key("k1").answer("create_issue", issue()).headers == {}
    assert len(titles(turbo)) == 2


def test_another_api_key_of_the_same_person_sees_the_same_keys(turbo: Turbo, ada: Person) -> None:
    """A login in between must not turn a repeated call into a new one."""
    first = ada.with_key("k1").answer("create_issue", issue())
    again = turbo.person("ada").with_key("k1").answer("create_issue", issue())
    assert (again.body, again.headers) == (first.body, REPLAYED)


def test_a_refusal_by_the_state_of_the_data_is_kept(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    body = b'{"project": "LATER", "title": "First"}'
    refused = keyed.answer("create_issue", body)
    turbo.call("create_project", key="LATER", name="Later")
    again = keyed.answer("create_issue", body)
    assert (again.status, again.body, again.headers) == (404, refused.body, REPLAYED)
    assert turbo.call("list_issues", project="LATER")["total"] == 0


def test_a_refused_call_is_corrected_under_a_new_key(turbo: Turbo, ada: Person) -> None:
    assert ada.with_key("k1").answer("create_issue", b'{"project": "TURBP", "title": "First"}').status == 404
    assert ada.with_key("k2").answer("create_issue", issue()).status == 200
    assert titles(turbo) == ["First"]


def test_a_conflict_is_kept_and_leaves_nothing_else(turbo: Turbo, ada: Person) -> None:
    body = b'{"key": "TURBO", "name": "Again"}'
    first, again = (ada.with_key("k1").answer("create_project", body) for _ in range(2))
    assert (first.status, again.status, again.body, again.headers) == (409, 409, first.body, REPLAYED)


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("create_issue", b'{"project": "TURBO"}', 422),
        ("create_issue", b"not json", 422),
        ("update_issue", b'{"key": "TURBO-1"}', 422),
        ("create_isue", b"{}", 404),
    ],
)
def test_what_the_arguments_alone_decide_uses_up_no_key(
    turbo: Turbo, ada: Person, name: str, body: bytes, status: int
) -> None:
    keyed = ada.with_key("k1")
    assert keyed.answer(name, body).status == status
    assert rows(turbo) == []
    assert keyed.answer("create_issue", issue()).status == 200


def test_a_revoked_key_gets_no_replay(turbo: Turbo, ada: Person) -> None:
    ada.with_key("k1").answer("create_issue", issue())
    turbo.run(turbo.with_database(lambda db: db.fetch(sql("update api_keys set revoked_at = created_at returning id"))))
    assert ada.with_key("k1").answer("create_issue", issue()).status == 401


def test_what_a_program_reads_besides_the_body_is_repeated_too(turbo: Turbo, ada: Person) -> None:
    ada.answer("create_issue", issue(status="ready"))
    first, again = (ada.with_key("k1").answer("next_issue", b'{"claim": true}') for _ in range(2))
    assert int(first.headers["Turbo-Lease"]) > 0
    assert (again.body, again.headers) == (first.body, {**first.headers, **REPLAYED})


def test_a_restarted_server_remembers(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        first = turbo.ada.with_key("k1").answer("create_issue", issue())
    with Turbo(database_url) as turbo:
        again = turbo.ada.with_key("k1").answer("create_issue", issue())
        assert (again.body, again.headers) == (first.body, REPLAYED)
        assert titles(turbo) == ["First"]
