"""A claim through the real proxy on the real server: it holds while the process lives, and not longer."""

from datetime import UTC, datetime, timedelta

from tests.client.session import Session
from tests.server.harness import Turbo
from tests.server.live import LiveServer
from turbo_server.queue.types import LEASE_SECONDS


def open_session(server: LiveServer, name: str) -> Session:
    ours = {"TURBO_API_URL": server.url, "TURBO_API_KEY": server.key, "CLAUDE_CODE_SESSION_ID": name}
    session = Session({**server.environment, **ours})
    session.initialize()
    return session


def claim(session: Session) -> str | None:
    result = session.call("next_issue", {"claim": True})["structuredContent"]
    return result["issue"]["key"] if "issue" in result else None


def one_issue(server: LiveServer) -> None:
    server.call("create_project", key="TURBO", name="x")
    server.call("create_issue", project="TURBO", title="the only one")


def test_closing_stdin_returns_the_issue(server: LiveServer) -> None:
    with open_session(server, "b") as other:
        one_issue(server)
        with open_session(server, "a") as session:
            assert claim(session) == "TURBO-1"
            assert claim(other) is None
            assert session.close() == 0
        assert claim(other) == "TURBO-1"


def test_after_kill_9_the_lease_lapses_by_itself(server: LiveServer) -> None:
    one_issue(server)
    with open_session(server, "a") as session:
        assert claim(session) == "TURBO-1"
        session.process.kill()
        session.process.wait()
    with open_session(server, "b") as other:
        assert claim(other) is None
    later = datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS + 1)
    with Turbo(server.environment["DATABASE_URL"], clock=lambda: later) as turbo:
        assert turbo.call("next_issue", claim=True)["issue"]["key"] == "TURBO-1"


def test_a_released_issue_leaves_nothing_to_let_go(server: LiveServer) -> None:
    with open_session(server, "a") as session:
        one_issue(server)
        claim(session)
        done = session.call("release_issue", {"key": "TURBO-1", "outcome": "done", "text": "Did it."})
        assert done["structuredContent"]["status"] == "done"
        assert session.close() == 0
        assert server.call("get_item", key="TURBO-1")["status"] == "done"
