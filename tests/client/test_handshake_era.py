"""MCP as clients up to 2025-11-25 speak it, line by line."""

import json
from pathlib import Path

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import StandIn

VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]


@pytest.mark.parametrize("version", VERSIONS)
def test_initialize_agrees_to_every_handshake_version(
    open_session: OpenSession, logged_in: Environment, version: str
) -> None:
    result = open_session(logged_in).initialize(version)
    assert result["protocolVersion"] == version
    assert result["capabilities"] == {"tools": {"listChanged": True}}
    assert result["serverInfo"]["name"] == "turbo"


@pytest.mark.parametrize("version", ["2026-07-28", "1999-01-01", ""])
def test_initialize_offers_the_newest_handshake_version_instead_of_an_unknown_one(
    open_session: OpenSession, logged_in: Environment, version: str
) -> None:
    assert open_session(logged_in).initialize(version)["protocolVersion"] == VERSIONS[-1]


def test_initialize_without_a_version_is_refused(open_session: OpenSession, logged_in: Environment) -> None:
    assert open_session(logged_in).ask("initialize")["error"]["code"] == -32602


def test_ping_and_log_level_are_acknowledged(shared: Session) -> None:
    assert shared.result("ping") == {}
    assert shared.result("logging/setLevel", {"level": "debug"}) == {}


@pytest.mark.parametrize(
    ("method", "result"),
    [
        ("prompts/list", {"prompts": []}),
        ("resources/list", {"resources": []}),
        ("resources/templates/list", {"resourceTemplates": []}),
    ],
)
def test_what_we_do_not_have_is_listed_as_nothing(shared: Session, method: str, result: object) -> None:
    assert shared.result(method) == result


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("prompts/get", -32602),
        ("resources/read", -32002),
        ("completion/complete", -32601),
        ("resources/subscribe", -32601),
        ("server/nonsense", -32601),
        ("subscriptions/listen", -32602),
        ("server/discover", -32602),
    ],
)
def test_other_methods_get_the_error_of_the_specification(shared: Session, method: str, code: int) -> None:
    assert shared.ask(method, {"name": "x", "uri": "x:y"})["error"]["code"] == code


def test_lists_have_one_page(shared: Session) -> None:
    for method in ("tools/list", "prompts/list"):
        assert shared.ask(method, {"cursor": "2"})["error"]["code"] == -32602
        assert "result" in shared.ask(method, {"cursor": None})


def test_tools_are_listed_as_the_server_sent_them(session: Session, backend: StandIn) -> None:
    result = session.result("tools/list")
    assert json.dumps(result) == json.dumps({"tools": backend.tools})
    assert session.initialize()["instructions"] == backend.instructions


def test_ids_of_every_kind_come_back_as_they_were(shared: Session) -> None:
    for request_id in ("", "seven", 0, -7, 1.5, 2**70, "\u2028"):
        shared.send({"jsonrpc": "2.0", "id": request_id, "method": "ping"})
        assert shared.answer_to(request_id)["result"] == {}


def test_notifications_and_stray_responses_are_not_answered(shared: Session) -> None:
    shared.notify("notifications/unheard_of", {"x": 1})
    shared.send({"jsonrpc": "2.0", "method": "tools/list"})
    shared.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": []})
    shared.send({"jsonrpc": "2.0", "id": 999, "result": {}})
    shared.send({"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": ""}})
    before = len(shared.received)
    assert shared.result("ping") == {}
    assert len(shared.received) == before + 1


def test_the_current_folder_is_not_searched_for_modules(
    open_session: OpenSession, logged_in: Environment, tmp_path: Path
) -> None:
    for name in ("json", "threading", "httpx", "turbo_client"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the project folder')")
    assert open_session(logged_in, tmp_path).call("read_it")["isError"] is False
