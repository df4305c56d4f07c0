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
    (
        "create_initiative",
        {"project": "WEB", "title": "Guests buy without an account", "status": "active", "owner": "me"},
    ),
    ("create_milestone", {"project": "WEB", "title": "Beta", "due": "2026-03-20"}),
    (
        "create_issues",
        {
            "issues": [
                {
                    "project": "WEB",
                    "title": "Guest checkout",
                    "type": "feature",
                    "initiative": "WEB-I1",
                    "milestone": "WEB-M1",
                    "criteria": ["A guest pays without a password"],
                },
                {"project": "WEB", "title": "Ask for the address once", "parent": "#1", "milestone": "WEB-M1"},
                {"project": "WEB", "title": "Send the receipt by mail", "parent": "#1", "blocked_by": ["#2"]},
            ]
        },
    ),
    ("update_initiative", {"key": "web-i1", "due": "2026-04-30", "note": "The board wants it before May."}),
    ("update_milestone", {"key": "web-m1", "title": "Beta for guests", "owner": "me"}),
    ("list_items", {"kind": "milestone", "status": ["open"]}),
    ("list_projects", {}),
    ("list_issues", {"project": "WEB", "status": ["open"], "sort": "due"}),
    ("add_comment", {"key": "WEB-2", "text": "Guests are not affected: they have no session."}),
    (
        "create_decision",
        {
            "title": "Where sessions live",
            "project": "WEB",
            "context": "A restart signs everybody out.",
            "options": [
                {"title": "In the database", "pros": "Survives a restart.", "cons": "One query more for each page."},
                {"title": "In signed cookies", "pros": "No query.", "cons": "Nobody can be signed out."},
            ],
            "paths": ["server/session/**", "middleware.py"],
        },
    ),
    (
        "update_decision",
        {
            "key": "DEC-1",
            "status": "accepted",
            "outcome": "In the database.",
            "reason": "Signing somebody out has to work.",
        },
    ),
    ("link_items", {"from": "WEB-2", "type": "implements", "to": "DEC-1"}),
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
    ("ask_mentor", {"mentor": "architect", "question": "Does this fit what we decided?", "about": "WEB-2"}),
    (
        "record_answer",
        {
            "conversation": "ASK-1",
            "text": "Yes: DEC-1 puts sessions into the database, and WEB-2 only changes when they end.",
            "model": "the model at hand",
        },
    ),
    (
        "create_mentor",
        {
            "name": "security",
            "role": "Security engineer",
            "watches": "Sessions, keys, what comes from outside",
            "instructions": "Say first what somebody could do with it who should not. Then what stops him.",
        },
    ),
    ("get_item", {"key": "WEB-2", "include": ["comments", "work_log", "links"]}),
    ("archive_item", {"key": "WEB-1", "note": "Answered by WEB-2."}),
    ("restore_item", {"key": "WEB-1"}),
    ("undo", {"event": 5}),
    ("read_audit", {"key": "DEC-1", "since": "24h"}),
    ("search", {"query": "guest session"}),
    ("get_status", {}),
    ("next_issue", {"project": "web", "claim": True}),
    (
        "release_issue",
        {"key": "WEB-2", "outcome": "needs_human", "text": "May old sessions end, or must they be moved over?"},
    ),
)
