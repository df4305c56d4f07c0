"""One list of calls that is played through every door."""

from typing import Any

Call = tuple[str, dict[str, Any]]

CASES: tuple[Call, ...] = (
    ("get_status", {}),
    ("create_project", {"key": "turbo", "name": "Turbo 漢字", "description": "# Why\n\n    code"}),
    ("create_project", {"key": "TURBO", "name": "again"}),
    ("create_issue", {"project": "turbo", "title": "First 👩‍💻", "labels": '["UI","api"]', "due": "2027-01-02"}),
    ("create_issue", {"project": "TURBO", "title": "Second", "blocked_by": "turbo-1", "priority": "High"}),
    ("create_issue", {"project": "TURB", "title": "no such project"}),
    ("create_issue", {"project": "TURBO"}),
    ("create_issue", {"project": "TURBO", "titel": "x", "title": "y"}),
    ("create_issue", {"project": "TURBO", "title": "x", "status": "doing"}),
    ("create_issue", {"project": "TURBO", "title": "x", "due": "someday"}),
    ("create_issue", {"project": "TURBO", "title": "x", "description": "nul \x00"}),
    ("create_issue", {"project": "TURBO", "title": "x", "description": "y" * (256 * 1024 + 1)}),
    ("create_issue", {"project": "TURBO", "title": "hidden \u202e\u200b text", "description": '\tשלום\r\n  \\ "q"'}),
    ("update_issue", {"key": "turbo-1", "status": "in progress", "note": "began"}),
    ("update_issue", {"key": "TURBO-1", "blocked_by": ["TURBO-2"]}),
    ("update_issue", {"key": "TURBO-1"}),
    ("update_issue", {"key": "TURBO-99", "title": "x"}),
    ("update_issue", {"key": "12", "title": "x"}),
    ("log_work", {"text": "did it", "issue": "TURBO-1", "minutes": "25", "status": "done"}),
    ("log_work", {"text": "", "issue": "TURBO-1"}),
    ("get_item", {"key": "turbo-1", "include": ["comments", "work_log"]}),
    ("get_item", {"key": "TURBO-3"}),
    ("get_item", {"key": "TURBO"}),
    ("get_item", {"key": "NOPE"}),
    ("list_projects", {}),
    ("list_issues", {"project": "TURBO", "sort": "key"}),
    ("list_issues", {"status": "open", "assignee": "me", "text": "漢"}),
    ("list_issues", {"assignee": "nobody here"}),
    ("list_issues", {"limit": 1, "sort": "key"}),
    ("list_issues", {"cursor": "broken"}),
    ("get_status", {"project": "TURBO"}),
)  # fmt: skip
