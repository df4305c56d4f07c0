"""The calls that are compared, as a session makes them on a database of any size."""

import random

from bench.scale.rows import SEED, Team

VARIANTS = 40


def calls(team: Team) -> dict[str, tuple[str, list[dict[str, object]]]]:
    """Name to (tool, arguments of each call); the same words and filters for teams of any size."""
    draw, place = random.Random(SEED), random.Random(SEED + 1)
    projects: list[str] = [team.key_of(place.randint(1, team.projects)) for _ in range(VARIANTS)]
    places: list[dict[str, object]] = [{}]
    places += [{"project": project} for project in projects[:8]]
    return {
        "get_status": ("get_status", places),
        "the queue's top": ("next_issue", places),
        "list_issues, three filters": ("list_issues", [_filters(draw, project) for project in projects]),
        "search": ("search", [{"query": _words(draw, team)} for _ in range(VARIANTS)]),
        "search in a project": (
            "search",
            [{"query": _words(draw, team), "project": project} for project in projects],
        ),
        "get_item": (
            "get_item",
            [
                {"key": f"{project}-{draw.randint(1, 8)}", "include": ["comments", "work_log", "links", "history"]}
                for project in projects
            ],
        ),
    }


def _filters(draw: random.Random, project: str) -> dict[str, object]:
    """Three of those that people combine, within a project and over all."""
    combined: tuple[dict[str, object], ...] = (
        {"project": project, "status": ["open"], "priority": ["high", "urgent"]},
        {"project": project, "status": ["in_progress"], "type": ["bug"]},
        {"status": ["open"], "assignee": "me", "priority": ["urgent"], "sort": "due"},
        {"project": project, "assignee": "me", "status": ["open"]},
        {"status": ["in_progress"], "assignee": "me", "type": ["bug"]},
        {"project": project, "status": ["open"], "label": [f"label{draw.randint(1, 30)}"]},
    )
    return draw.choice(combined)


def _words(draw: random.Random, team: Team) -> str:
    """Two words, rare and common ones."""
    return " ".join(team.words[int(len(team.words) * draw.random() ** 2)] for _ in range(2))
