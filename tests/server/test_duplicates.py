"""A title that repeats a recent one is most often a call that was made twice: the receipt says so."""

from datetime import UTC, datetime, timedelta

from tests.server.harness import Turbo


def test_a_title_that_repeats_a_recent_one_is_pointed_out(database_url: str) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with Turbo(database_url, clock=lambda: now) as turbo:
        turbo.call("create_project", key="TURBO", name="x")
        turbo.call("create_project", key="WEB", name="x")
        made = [
            turbo.call("create_issue", project=project, title=title).get("possible_duplicate_of")
            for project, title in (
                ("TURBO", "Fix the Login"), ("WEB", "Fix the Login"), ("TURBO", " fix  THE login "),
                ("TURBO", "Fix it"),
            )
        ]  # fmt: skip
        assert made == [None, None, "TURBO-1", None]
        now += timedelta(days=30)
        assert turbo.call("create_issue", project="TURBO", title="fix it")["possible_duplicate_of"] == "TURBO-3"
        now += timedelta(days=31)
        assert "possible_duplicate_of" not in turbo.call("create_issue", project="TURBO", title="fix it")
        turbo.call("update_issue", key="TURBO-5", title="Ship it")
        assert turbo.call("create_issue", project="TURBO", title="SHIP IT")["possible_duplicate_of"] == "TURBO-5"
