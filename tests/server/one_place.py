"""A project with an item of each kind, by whoever can call the tools."""

from typing import Any, Protocol


class Calling(Protocol):
    def call(self, tool: str, **arguments: object) -> dict[str, Any]: ...


def fill_place(person: Calling, project: str, word: str) -> None:
    said = f"{word} said".strip()
    person.call("create_project", key=project, name=f"{word} project")
    person.call("create_initiative", project=project, title=f"{word} goal")
    person.call("create_milestone", project=project, title=f"{word} day", due="tomorrow")
    labels = [f"{word}label"] if word else []
    hung = {"initiative": f"{project}-I1", "milestone": f"{project}-M1", "labels": labels, "due": "today"}
    person.call("create_issue", project=project, title=f"{word} first", description=said, priority="urgent", **hung)
    person.call(
        "create_issue", project=project, title=f"{word} second", parent=f"{project}-1", blocked_by=[f"{project}-1"]
    )
    person.call("create_document", project=project, title=f"{word} paper", text=said)
    person.call(
        "create_decision", title=f"{word} choice", project=project, outcome=said, status="accepted", paths=["a/**"]
    )
    person.call("add_comment", key=f"{project}-1", text=said)
    person.call("log_work", issue=f"{project}-1", text=said, minutes=3)
    person.call("ask_mentor", mentor="architect", question=f"{word} question?", about=f"{project}-1")
