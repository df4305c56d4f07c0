"""The calls that the tools page shows: one small story, told in the order in which it happens."""

from typing import Any

Call = tuple[str, dict[str, Any]]

BEFORE: tuple[Call, ...] = (
    ("create_issue", {"project": "WEB", "title": "Choose a session store", "type": "discovery", "status": "done"}),
    (
        "create_issue",
        {"project": "WEB", "title": "Login forgets the session after a restart", "type": "bug", "priority": "high"},
    ),
)
STORY: tuple[Call, ...] = (
    ("create_project", {"key": "web", "name": "Web shop", "description": "The public shop and its back office."}),
    *BEFORE,
    (
        "create_issue",
        {
            "project": "WEB",
            "title": "Keep the cart when a guest signs in",
            "type": "feature",
            "priority": "medium",
            "due": "friday",
            "labels": ["cart", "login"],
            "blocked_by": ["WEB-2"],
        },
    ),
    ("update_issue", {"key": "web-2", "status": "in progress", "due": "tomorrow", "note": "Reproduced on staging."}),
    (
        "log_work",
        {"text": "Sessions now live in the database.", "issue": "WEB-2", "minutes": 50, "branch": "web-2-sessions"},
    ),
    ("list_projects", {}),
    ("list_issues", {"project": "WEB", "status": ["open"], "sort": "due"}),
    ("add_comment", {"key": "WEB-2", "text": "Guests are not affected: they have no session."}),
    ("get_item", {"key": "WEB-2", "include": ["comments", "work_log"]}),
    ("search", {"query": "guest session"}),
    ("get_status", {}),
)
