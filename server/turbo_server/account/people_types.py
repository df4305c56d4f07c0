"""What people and invitations look like to a caller, and what may not be done to them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from turbo_server.kit.errors import Conflict
from turbo_server.kit.fields import Word
from turbo_server.kit.schema import Moment, Result

LONGEST_NAME = 80
RESERVED = frozenset({"me", "none"})


def is_person_name(name: str) -> bool:
    return bool(name) and name.lower() not in RESERVED and len(name) <= LONGEST_NAME and name.isprintable()


def _as_name(value: Any) -> Any:
    name = value.strip() if isinstance(value, str) else value
    if not isinstance(name, str) or (name.lower() != "me" and not is_person_name(name)):
        raise PydanticCustomError("person", "must be a person's name of at most 80 characters, other than none")
    return name


PersonName = Annotated[str, BeforeValidator(_as_name), Field(max_length=LONGEST_NAME)]
RoleName = Annotated[Literal["owner", "member", "viewer"], Word]


class Person(Result):
    name: str
    role: str
    since: Moment
    you: bool | None = None


class Invited(Result):
    name: str
    role: str
    expires_at: Moment


class People(Result):
    workspace: str
    people: list[Person]
    invited: list[Invited] | None = None


class Invitation(Result):
    """`invitation` is the secret: it is shown here and stored nowhere."""

    name: str
    role: str
    invitation: str
    expires_at: Moment


class Change(Result):
    name: str
    role: str
    role_before: str


class Removal(Result):
    """`open_issues` are still assigned to him: list_issues(assignee=NAME, status=open) shows them."""

    name: str
    keys_ended: int | None = None
    invitation_withdrawn: bool | None = None
    projects_handed_to_you: int | None = None
    open_issues: int | None = None


class LastOwner(Conflict):
    code = "last_owner"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is the last owner of this workspace.", "Make somebody else an owner first: people role NAME owner."
        )
