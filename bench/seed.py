"""Data as a team's: issues of every state, with people, days, labels and dependencies."""

from datetime import date, timedelta

from bench.application import TOGETHER, Application

PROJECT = "LIST"
STATUSES = ("backlog", "ready", "in_progress", "blocked", "in_review", "done", "done", "done", "cancelled", "backlog")
PRIORITIES = ("none", "low", "medium", "high", "urgent")
TYPES = ("task", "bug", "feature", "discovery")
LABELS: tuple[list[str], ...] = (["api"], ["client", "speed"], ["docs"], [], [], [])


def fill(app: Application, issues: int, project: str = PROJECT) -> None:
    """The project with its issues, and some work logged on them."""
    app.call("create_project", key=project, name="A list of issues")
    app.call_all("create_issue", [issue(project, number) for number in range(1, issues + 1)])
    for number in range(1, 9):
        app.call("log_work", text=f"Worked on {number}", issue=f"{project}-{number}", minutes=15 * number)


def issue(project: str, number: int) -> dict[str, object]:
    """Of that number: the same in every run, but for the days, which count from today."""
    due = date.today() + timedelta(days=number % 60 - 20)  # noqa: DTZ011 - the caller's own day, as people mean it
    earlier = number - 2 * TOGETHER  # surely there, however many are created together
    return {
        "project": project,
        "title": f"Issue {number}: make the part between the two ends of it hold",
        "description": f"What to do about {number}, and why.\n\n- the first thing\n- the second thing\n" * 3,
        "type": TYPES[number % len(TYPES)],
        "status": STATUSES[number % len(STATUSES)],
        "priority": PRIORITIES[number % len(PRIORITIES)],
        "assignee": "me" if number % 3 == 0 else None,
        "due": due.isoformat() if number % 2 == 0 else None,
        "labels": LABELS[number % len(LABELS)],
        "blocked_by": [f"{project}-{earlier}"] if number % 7 == 0 and earlier > 0 else [],
    }
