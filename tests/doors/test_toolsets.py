"""A session that wants fewer tools: TURBO_TOOLSETS on the real client, in front of the real server."""

from tests.client.session import Session
from tests.server.live import LiveServer
from turbo_server.catalogue import Catalogue

CORE = [tool.name for tool in Catalogue().tools.values() if tool.toolset == "core"]


def test_a_session_sees_the_toolsets_that_it_asked_for(server: LiveServer) -> None:
    base = {**server.environment, "TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    for chosen, expected in (("core", CORE), ("", list(Catalogue().tools)), ("core", CORE)):
        with Session({**base, "TURBO_TOOLSETS": chosen}) as session:
            session.initialize()
            if session.tool_names() == ["turbo_setup"]:
                session.notification("notifications/tools/list_changed")
            assert session.tool_names() == expected
            assert session.call("list_projects")["isError"] is False


def test_a_toolset_that_is_none_is_said_with_the_names_of_those_there_are(server: LiveServer) -> None:
    base = {**server.environment, "TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    for wrong, said in (("cor", "Did you mean core?"), ("core;plan", "It has to look like core or core,plan")):
        with Session({**base, "TURBO_TOOLSETS": wrong}) as session:
            session.initialize()
            result = session.call("turbo_setup")
            assert said in result["content"][0]["text"]
