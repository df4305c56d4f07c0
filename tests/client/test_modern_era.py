"""MCP 2026-07-28: no handshake, every request tells its version; and both eras at once in one process."""

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import MODERN, Session
from tests.client.stand_in import StandIn, tool

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId"
CHANGED = "notifications/tools/list_changed"


def test_discover_names_the_modern_version_and_what_there_is(session: Session, backend: StandIn) -> None:
    result = session.result("server/discover", modern=True)
    assert result["supportedVersions"] == ["2026-07-28"]
    assert result["capabilities"] == {"tools": {"listChanged": True}}
    assert result["instructions"] == backend.instructions


@pytest.mark.parametrize(
    "method", ["server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list"]
)
def test_cacheable_results_say_how_long_and_for_whom(shared: Session, method: str) -> None:
    result = shared.result(method, modern=True)
    assert result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "turbo"
    assert (result["ttlMs"], result["cacheScope"]) == (60_000, "private")


def test_a_call_is_complete_and_signed_and_not_cacheable(shared: Session) -> None:
    result = shared.call("read_it", {"limit": 3}, modern=True)
    assert result["structuredContent"] == {"tool": "read_it", "arguments": {"limit": 3}}
    assert result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "turbo"
    assert "ttlMs" not in result


def test_a_saved_list_is_not_to_be_kept_before_the_server_confirmed_it(
    open_session: OpenSession, logged_in: Environment, backend: StandIn, session: Session
) -> None:
    session.close()
    backend.stop()
    result = open_session(logged_in).result("tools/list", modern=True)
    assert (len(result["tools"]), result["ttlMs"]) == (2, 0)


def test_an_unknown_version_is_told_all_that_are_spoken(shared: Session) -> None:
    answer = shared.ask("tools/list", {"_meta": MODERN | {VERSION_KEY: "2031-01-01"}})
    assert answer["error"]["code"] == -32022
    assert answer["error"]["data"] == {
        "supported": ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"],
        "requested": "2031-01-01",
    }


@pytest.mark.parametrize(
    "meta",
    [
        {VERSION_KEY: "2026-07-28"},
        {VERSION_KEY: "2026-07-28", CAPABILITIES_KEY: []},
        {CAPABILITIES_KEY: {}},
        {VERSION_KEY: 7, CAPABILITIES_KEY: {}},
    ],
)
def test_an_incomplete_envelope_is_refused(shared: Session, meta: dict[str, object]) -> None:
    assert shared.ask("tools/list", {"_meta": meta})["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("method", "code"), [("ping", -32601), ("logging/setLevel", -32601), ("resources/read", -32602)]
)
def test_what_the_revision_dropped_is_gone(shared: Session, method: str, code: int) -> None:
    assert shared.ask(method, {"uri": "x:y"}, modern=True)["error"]["code"] == code


def test_both_eras_are_served_in_turn_by_one_process(open_session: OpenSession, logged_in: Environment) -> None:
    session = open_session(logged_in)
    assert session.result("server/discover", modern=True)["resultType"] == "complete"
    assert session.initialize("2025-06-18")["protocolVersion"] == "2025-06-18"
    assert "resultType" not in session.call("read_it")
    assert session.call("read_it", modern=True)["resultType"] == "complete"
    assert "resultType" not in session.result("tools/list")


def test_a_listen_stream_is_acknowledged_told_and_closed_at_the_end(session: Session, backend: StandIn) -> None:
    wanted = {"toolsListChanged": True, "promptsListChanged": True}
    stream = session.start("subscriptions/listen", {"notifications": wanted}, modern=True)
    acknowledged = session.notification("notifications/subscriptions/acknowledged")
    assert acknowledged["params"] == {"notifications": {"toolsListChanged": True}, "_meta": {SUBSCRIPTION_KEY: stream}}

    backend.tools.append(tool("new_one"))
    session.call("read_it")
    told = session.wait_for(lambda message: message.get("method") == CHANGED and "params" in message)
    assert told["params"] == {"_meta": {SUBSCRIPTION_KEY: stream}}
    assert session.tool_names(modern=True)[-1] == "new_one"

    session.close()
    assert session.answer_to(stream)["result"]["_meta"][SUBSCRIPTION_KEY] == stream


def test_a_stream_that_did_not_ask_or_was_cancelled_is_told_nothing(session: Session, backend: StandIn) -> None:
    silent = session.start("subscriptions/listen", {"notifications": {}}, modern=True)
    cancelled = session.start("subscriptions/listen", {"notifications": {"toolsListChanged": True}}, modern=True)
    session.wait_for(lambda message: message.get("params", {}).get("_meta") == {SUBSCRIPTION_KEY: cancelled})
    session.notify("notifications/cancelled", {"requestId": cancelled})
    changes = session.count(CHANGED)

    backend.tools.append(tool("new_one"))
    session.call("read_it")
    session.wait_for(lambda _: session.count(CHANGED) > changes)
    session.close()
    told = [message for message in session.received if message.get("method") == CHANGED]
    assert all("params" not in message for message in told)
    assert not [message for message in session.received if message.get("id") == cancelled]
    assert session.answer_to(silent)["result"]["resultType"] == "complete"


def test_a_listen_request_without_a_filter_is_refused(shared: Session) -> None:
    assert shared.ask("subscriptions/listen", modern=True)["error"]["code"] == -32602
