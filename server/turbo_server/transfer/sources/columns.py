"""Which column of a CSV is which field: by the words that spreadsheets, Linear and Jira head them with."""

from collections.abc import Mapping, Sequence

from turbo_server.transfer.drafts import Reading
from turbo_server.transfer.errors import BadFile

COLUMNS = {
    "title": "title summary name subject task issue headline",
    "description": "description body details text content notes note",
    "type": "type issue_type work_type kind category tracker",
    "status": "status state column list",
    "priority": "priority prio importance severity",
    "assignee": "assignee assigned_to owner assignees responsible assign",
    "due": "due due_date deadline due_on date_due target_date end_date",
    "labels": "labels label tags tag components component component/s",
    "criteria": "criteria acceptance_criteria checklist",
    "parent": "parent parent_id parent_key parent_issue epic_link custom_field_(epic_link)",
    "blocked_by": "blocked_by depends_on dependencies blockers waits_for predecessors inward_issue_link_(blocks)",
    "milestone": "milestone project_milestone fix_version fix_versions fix_version/s release version sprint",
    "origin": "id key issue_key number no # identifier ref",
    "alias": "issue_id",  # Jira's own number, by which its parents are named
    "author": "author reporter creator created_by",
    "created": "created created_at created_date creation_date date_created opened",
    "updated": "updated updated_at updated_date last_updated modified",
    "started": "started started_at",
    "closed": "closed closed_at resolved resolved_at completed completed_at done_at resolution_date canceled cancelled",
    "archived": "archived archived_at",
    "comment": "comment comments",
    "address": "url link web_url permalink",
}
NAMES = {word: ours for ours, words in COLUMNS.items() for word in words.split()}
# Jira repeats a column for each value. Of these all are taken, and of those the first that is not empty.
TOGETHER = ("labels", "blocked_by", "comment")
FIRST = ("closed", "milestone", "parent")

Places = Mapping[str, Sequence[int]]
Row = Mapping[str, str]


def places_of(reading: Reading, header: list[str], name: str) -> Places:
    """Our field to the places of its columns. Raises BadFile."""
    found: dict[str, list[int]] = {}
    for place, word in enumerate(header):
        ours = NAMES.get(word)
        if ours and (ours not in found or ours in TOGETHER or ours in FIRST):
            found.setdefault(ours, []).append(place)
        elif word:
            reading.note(name, word, "is a column that has no place here: left out")
    if "title" not in found:
        raise BadFile(
            f"{name}, line 1", "no column is called title, summary or name", "The first row names the columns."
        )
    if "alias" in found and "origin" not in found:
        found["origin"] = found["alias"]
    return found


def row_of(cells: list[str], places: Places) -> Row:
    """By field; several values of one stand a line each."""
    row = {}
    for ours, all_places in places.items():
        given = [cells[place].strip() for place in all_places if place < len(cells)]
        there = [each for each in given if each]
        if given:
            row[ours] = "\n".join(there) if ours in TOGETHER and ours != "comment" else there[0] if there else ""
    return row


def comments_of(cells: list[str], places: Places) -> list[str]:
    return [text for place in places.get("comment", ()) if place < len(cells) and (text := cells[place].strip())]
