"""What the original, and its relatives, call a table or a column. The first table of a kind is taken."""

TABLES = {
    "project": "projects project",
    "issue": "issues issue tasks task tickets",
    "initiative": "initiatives initiative epics",
    "milestone": "milestones milestone",
    "decision": "decisions decision adrs",
    "document": "documents document docs",
    "comment": "comments comment issue_comments notes_on_issues",
    "work_log": "work_logs work_log worklogs worklog issue_work_logs time_entries time_logs",
    "tag": "tags tag labels label",
}
PEOPLE = ["users", "user", "accounts", "people", "persons", "members", "staff"]
ITEMS = ("project", "issue", "initiative", "milestone", "decision", "document")

_EVERY = {
    "id": "id uuid guid pk",
    "key": "key identifier ref short_id display_id",
    "number": "number num seq sequence sequence_number",
    "title": "title name headline",
    "description": "description body content text details markdown",
    "status": "status state",
    "author": "author created_by creator reporter author_name created_by_name",
    "author_id": "author_id creator_id reporter_id created_by_id",
    "created": "created_at created created_on date_created creation_date inserted_at",
    "updated": "updated_at updated updated_on modified_at date_updated last_modified",
    "archived": "is_archived archived archived_at",
    "deleted": "is_deleted deleted deleted_at",
}
_WORK = {
    "project": "project_id project project_key project_uuid",
    "assignee": "assignee assigned_to assignee_name assignee_email owner owner_name",
    "assignee_id": "assignee_id assigned_to_id owner_id",
    "due": "due_date due due_on deadline target_date due_at end_date",
    "tags": "tags labels tag_names label_names",
    "url": "url external_url link web_url html_url",
}
FIELDS: dict[str, dict[str, str]] = {
    "project": _EVERY,
    "issue": _EVERY
    | _WORK
    | {
        "type": "type issue_type kind category",
        "priority": "priority prio",
        "parent": "parent_id parent parent_issue_id parent_key",
        "milestone": "milestone_id milestone milestone_key",
        "initiative": "initiative_id initiative initiative_key epic_id",
        "blocked_by": "blocked_by depends_on dependencies blocked_by_ids",
        "started": "started_at started",
        "closed": "closed_at completed_at resolved_at finished_at done_at",
        "criteria": "acceptance_criteria criteria checklist",
    },
    "initiative": _EVERY | _WORK | {"decision": "decision_id decision"},
    "milestone": _EVERY | _WORK | {"initiative": "initiative_id initiative"},
    "decision": _EVERY
    | {
        "project": _WORK["project"],
        "tags": _WORK["tags"],
        "context": "context background situation problem description body content",
        "outcome": "summary outcome decision chosen_option resolution",
        "reason": "rationale reason justification reasoning why",
        "options": "options_considered options alternatives",
        "impact": "impact_areas impact consequences implications",
        "decided": "decided_at decided_on decision_date date",
        "superseded_by": "superseded_by_id superseded_by",
        "description": "",
    },
    "document": _EVERY
    | _WORK
    | {"description": "content text body markdown description", "due": "", "assignee": "", "assignee_id": ""},
    "comment": _EVERY
    | {
        "description": "content text body comment message",
        "author": f"{_EVERY['author']} user user_name username",
        "author_id": f"{_EVERY['author_id']} user_id",
        "target_kind": "entity_type target_type subject_type commentable_type item_type",
        "target": "entity_id target_id subject_id commentable_id item_id entity_key",
        **{each: f"{each}_id {each}_key {each}" for each in ITEMS},
        "title": "", "status": "", "number": "",
    },
    "work_log": _EVERY
    | {
        "description": "description text summary notes note content comment message",
        "author": f"started_by logged_by {_EVERY['author']} user user_name username",
        "author_id": f"{_EVERY['author_id']} user_id",
        "issue": "issue_id issue issue_key task_id",
        "project": _WORK["project"],
        "minutes": "time_spent_minutes minutes duration_minutes minutes_spent time_spent",
        "hours": "hours hours_spent duration_hours",
        "seconds": "seconds duration_seconds time_spent_seconds",
        "started": "started_at started start_time date logged_at",
        "ended": "ended_at ended end_time finished_at completed_at",
        "commit": "commit_hash commit commit_sha commit_url git_commit",
        "branch": "branch branch_name git_branch",
        "title": "", "status": "", "number": "",
    },
    "tag": {"id": "id uuid", "title": "name title label"},
    "person": {"id": "id uuid", "title": "name full_name display_name username handle email"},
}  # fmt: skip
