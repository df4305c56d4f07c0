"""Where a session's tool list comes from: the disk, the server behind it, and without both one tool that explains."""

import json
from pathlib import Path

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import Reply, StandIn, error, free_port, make_key, stand_in, tool

CHANGED = "notifications/tools/list_changed"
SETUP = ["turbo_setup"]


def files_of(environment: Environment) -> list[Path]:
    return sorted(Path(environment["HOME"], ".cache/turbo/catalogues").glob("*.json"))


def test_a_session_starts_offline_with_the_tools_it_had(
    session: Session, open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    instructions = backend.instructions
    session.close()
    backend.stop()
    offline = open_session(logged_in)
    assert offline.initialize()["instructions"] == instructions
    assert offline.tool_names() == ["write_it", "read_it"]
    assert offline.call("write_it")["isError"] is True


def test_an_unchanged_list_is_confirmed_by_its_etag_and_not_announced(
    session: Session, open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    session.close()
    again = open_session(logged_in)
    again.initialize()
    assert again.tool_names() == ["write_it", "read_it"]
    confirmed = backend.wait_for("/v1/tools", 2)
    assert confirmed.headers["if-none-match"] == backend.etag
    again.call("read_it")
    again.close()
    assert again.count(CHANGED) == 0
    assert len(backend._to("/v1/tools")) == 2


def test_a_list_that_changed_while_away_is_offered_old_and_announced_new(
    session: Session, open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    session.close()
    backend.tools.append(tool("new_one"))
    again = open_session(logged_in)
    again.initialize()
    again.notification(CHANGED)
    assert again.tool_names() == ["write_it", "read_it", "new_one"]


def test_the_etag_on_an_answer_makes_the_list_be_asked_for_once(session: Session, backend: StandIn) -> None:
    backend.tools.append(tool("new_one"))
    session.call("read_it")
    session.wait_for(lambda _: session.count(CHANGED) == 2)
    assert session.tool_names()[-1] == "new_one"

    backend.replies["/v1/tools/read_it"] = Reply(headers={"Turbo-Catalogue": '"never the same"'})
    backend.wait_for("/v1/tools", 2)
    for _ in range(3):
        session.call("read_it")
    backend.wait_for("/v1/tools", 3)
    session.call("write_it")
    session.close()
    assert len(backend._to("/v1/tools")) == 3


def test_an_idle_session_asks_nothing(session: Session, backend: StandIn) -> None:
    for _ in range(20):
        session.result("ping")
        session.tool_names()
    assert [seen.path for seen in backend.seen] == ["/v1/tools"]


def test_the_saved_list_names_no_key_and_is_private(session: Session, logged_in: Environment) -> None:
    session.close()
    (file,) = files_of(logged_in)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == file.parent.parent.stat().st_mode & 0o777 == 0o700
    assert make_key()[10:] not in file.read_text() + file.name


def test_each_key_and_each_server_has_a_list_of_its_own(
    session: Session, open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    session.close()
    other = make_key("zz00")
    backend.keys.add(other)
    assert open_session(logged_in | {"TURBO_API_KEY": other}).tool_names() == SETUP
    elsewhere = logged_in | {"TURBO_API_URL": f"http://127.0.0.2:{backend.origin.rpartition(':')[2]}"}
    assert open_session(elsewhere).tool_names() == SETUP
    assert open_session(logged_in).tool_names() == ["write_it", "read_it"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"format":1', '"format":2'),
        lambda text: text.replace("[", "[\x00", 1),
        lambda text: text.split("\n")[0] + "\nnull\n",
        lambda _: "[" * 100_000,
    ],
    ids=["empty", "half", "other format", "control character", "no list", "nested"],
)
def test_a_damaged_file_counts_as_none(
    session: Session, open_session: OpenSession, logged_in: Environment, damage: object
) -> None:
    assert callable(damage)
    session.close()
    (file,) = files_of(logged_in)
    file.write_text(damage(file.read_text()))
    again = open_session(logged_in)
    assert again.initialize()["protocolVersion"]
    again.notification(CHANGED)
    assert again.tool_names() == ["write_it", "read_it"]


def test_one_bad_entry_does_not_cost_the_others(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    good = tool("good", description="kept") | {"x-unknown": {"z": 1, "a": 2}}
    backend.tools = [
        {"name": "no_schema"},
        {"name": "not_an_object", "inputSchema": {"type": "string"}},
        tool("bad name"),
        tool(".."),
        tool("x" * 129),
        "text",
        None,
        good,
        good,
        {"name": "untyped", "inputSchema": {"anyOf": [{"required": ["a"]}]}},
        tool("odd_fields") | {"description": 7, "annotations": [], "outputSchema": {"type": "array"}},
    ]
    session = open_session(logged_in)
    session.initialize()
    session.notification(CHANGED)
    tools = session.result("tools/list")["tools"]
    assert [each["name"] for each in tools] == ["good", "untyped", "odd_fields"]
    assert json.dumps(tools[0]) == json.dumps(good)
    assert tools[1]["inputSchema"] == {"type": "object", "anyOf": [{"required": ["a"]}]}
    assert tools[2].keys() == {"name", "title", "inputSchema"}
    session.close()
    assert b"not_an_object: its inputSchema does not describe an object" in session.stderr


def test_without_list_and_server_one_tool_says_what_to_do_and_gives_way(
    open_session: OpenSession, environment: Environment
) -> None:
    port = free_port()
    here = environment | {"TURBO_API_URL": f"http://127.0.0.1:{port}", "TURBO_API_KEY": make_key()}
    session = open_session(here)
    assert "turbo_setup" in session.initialize()["instructions"]
    assert session.tool_names() == SETUP
    result = session.call("turbo_setup")
    assert "turbo-server serve" in result["content"][0]["text"]
    assert "structuredContent" not in result

    with stand_in(port) as server:
        session.notification(CHANGED)  # by itself, without being called
        assert session.tool_names() == [each["name"] for each in server.tools if isinstance(each, dict)]
        assert session.call("read_it")["isError"] is False
        assert session.call("turbo_setup")["content"][0]["text"].startswith(
            "Turbo-Plan is connected. Its tools are: write"
        )


def test_without_a_key_it_says_how_to_log_in_and_takes_up_the_login(
    open_session: OpenSession, environment: Environment, backend: StandIn, run: object
) -> None:
    assert callable(run)
    here = environment | {"TURBO_API_URL": backend.origin}
    session = open_session(here)
    session.initialize()
    assert session.tool_names() == SETUP
    assert "turbo-client login" in session.call("turbo_setup")["content"][0]["text"]
    refused = session.call("write_it")
    assert refused["isError"] is True
    assert refused["content"][0]["text"].endswith("NOT saved.")

    assert run(here, "login", "--with-token", "--insecure-storage", stdin=make_key()).returncode == 0
    session.call("turbo_setup")
    session.notification(CHANGED)
    assert session.call("write_it")["isError"] is False


def test_a_refused_key_leaves_the_saved_tools_and_says_so_in_calls(
    session: Session, open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    session.close()
    backend.keys.clear()
    again = open_session(logged_in)
    assert again.tool_names() == ["write_it", "read_it"]
    text = again.call("read_it")["content"][0]["text"]
    assert "not known here" in text
    assert "environment (TURBO_API_KEY)" in text
    assert make_key() not in text


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("TURBO_API_URL", "http://example.com", "in the clear"),
        ("TURBO_API_URL", "ftp://example.com", "is not one"),
        ("TURBO_API_KEY", "turbo_pat_oops", "not an API key"),
        ("TURBO_API_KEY", make_key()[:-1] + "x", "checksum"),
    ],
)
def test_a_wrong_setting_is_told_in_the_tool_and_nothing_is_sent(
    open_session: OpenSession, logged_in: Environment, backend: StandIn, variable: str, value: str, words: str
) -> None:
    session = open_session(logged_in | {variable: value})
    session.initialize()
    assert session.tool_names() == SETUP
    assert words in session.call("turbo_setup")["content"][0]["text"]
    assert backend.seen == []


def test_a_server_that_answers_something_else_is_told_apart(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    session = open_session(logged_in)
    for reply in (Reply(body=b"<html>hello</html>"), Reply(body={"tools": 7}), error(403, "no", "Not for you.")):
        backend.replies["/v1/tools"] = reply
        assert "Turbo-Plan is not connected." in session.call("turbo_setup")["content"][0]["text"]
    assert session.tool_names() == SETUP


def test_an_unwritable_cache_costs_nothing_but_the_cache(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    Path(logged_in["HOME"], ".cache").write_text("a file where the folder should be")
    session = open_session(logged_in)
    session.initialize()
    session.notification(CHANGED)
    assert session.call("read_it")["isError"] is False
    session.close()
    assert b"cannot be kept on disk" in session.stderr
