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
    (
        "create_document",
        {
            "project": "WEB",
            "title": "How sessions work",
            "text": "# Sessions\n\nThey live in the database.\n\n## Expiry\n\nAfter 30 days.\n",
            "status": "published",
        },
    ),
    (
        "update_document",
        {
            "key": "WEB-D1",
            "section": "Expiry",
            "text": "## Expiry\n\nAfter 14 days.\n",
            "note": "Asked for by support.",
        },
    ),
    ("get_item", {"key": "WEB-2", "include": ["comments", "work_log"]}),
    ("get_status", {}),
)
