"""What README shows of a working day: the status after a few calls, as `turbo-client call get_status` prints it."""

from docs.generators.example_server import example_server
from docs.generators.incomplete import Incomplete
from docs.generators.story import Call
from turbo_client.cli.rendering import readable

DAY: tuple[Call, ...] = (
    ("create_project", {"key": "SHOP", "name": "The web shop"}),
    ("create_issue", {"project": "SHOP", "title": "Pay by invoice", "priority": "high", "due": "friday"}),
    ("create_issue", {"project": "SHOP", "title": "Announce it", "blocked_by": ["SHOP-1"]}),
    ("create_issue", {"project": "SHOP", "title": "Refunds show the wrong sum", "type": "bug", "priority": "urgent"}),
    ("create_issue", {"project": "SHOP", "title": "Faster search", "status": "ready"}),
    ("log_work", {"issue": "SHOP-1", "text": "Sketched the form", "minutes": 25, "status": "in_progress"}),
    ("get_status", {}),
)


def session() -> str:
    with example_server() as server:
        answers = [server.call(tool, arguments) for tool, arguments in DAY]
    failed = [answer.text for answer in answers if answer.status_code != 200]
    if failed:
        raise Incomplete(f"docs/generators/session.py: these calls fail: {failed}")
    return readable(answers[-1].json())
