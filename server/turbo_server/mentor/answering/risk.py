"""Which tools a mentor may propose, and how much care a proposal needs. The server says so, never the model.

Nothing here archives, undoes, or touches keys and people.
"""

from collections.abc import Mapping
from typing import Any, Literal

Risk = Literal["low", "medium", "high"]

# Low only adds something, medium changes what is there, high settles or ends something.
PROPOSABLE: Mapping[str, Risk] = {
    "create_issue": "low",
    "add_comment": "low",
    "create_document": "low",
    "create_initiative": "low",
    "create_milestone": "low",
    "create_decision": "medium",
    "link_items": "medium",
    "update_issue": "medium",
    "update_initiative": "medium",
    "update_milestone": "medium",
    "update_document": "medium",
    "update_decision": "high",
}
_ENDS = frozenset({"done", "cancelled", "closed", "completed", "archived", "accepted", "rejected", "superseded"})


def risk_of(tool: str, arguments: Mapping[str, Any]) -> Risk:
    """Raises KeyError for what nobody may propose."""
    return "high" if arguments.get("status") in _ENDS else PROPOSABLE[tool]
