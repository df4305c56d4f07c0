"""Who belongs to a workspace: list, invite, change and remove people. For programs, and not for a model."""

from typing import Annotated

from pydantic import Field

from turbo_server.audit.record import About, Action, by_actor, record
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict
from turbo_server.kit.fields import WholeOnly
from turbo_server.kit.role import Role
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.access import leave_all_projects

from . import people_store, store
from .invitations import DAYS, MOST_DAYS, invite
from .people_types import Change, Invitation, Invited, LastOwner, People, Person, PersonName, Removal, RoleName
from .tools import PersonNotFound


class ListPeople(Arguments):
    """Of the key's workspace."""


@tool("List people", Effect.READ)
async def list_people(context: Context, arguments: ListPeople) -> People:  # noqa: ARG001 - every verb gets them
    """Who belongs to the workspace, with their roles; owners also see who is invited."""
    workspace = context.actor.workspace_id
    rows = await people_store.people(context.db, workspace)
    is_owner = context.actor.role is Role.OWNER
    invited = await people_store.open_invitations(context.db, workspace, context.now) if is_owner else []
    return People(
        workspace=context.actor.workspace,
        people=[
            Person(name=row["name"], role=row["role"], since=row["created_at"], you=_is_caller(context, row) or None)
            for row in rows
        ],
        invited=[Invited(name=row["name"], role=row["role"], expires_at=row["expires_at"]) for row in invited] or None,
    )


class InvitePerson(Arguments):
    name: PersonName
    role: RoleName = "member"
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, description="How long it can be used"), WholeOnly] = DAYS


@tool("Invite a person", Effect.CREATE, scope=Scope.ADMIN, tells_secret=True)
async def invite_person(context: Context, arguments: InvitePerson) -> Invitation:
    """Makes a one-time key with which somebody joins the workspace: `turbo-client login` takes it. It is shown only in
    this answer. A new one for the same name ends the one before."""
    actor = context.actor
    row = await store.account_named(context.db, actor.workspace_id, arguments.name)
    if row is not None and row["removed_at"] is None:
        raise Conflict(
            f"{row['name']} belongs to this workspace already.",
            "A further key for the same person: turbo-server keys create --name NAME. A role: people role.",
        )
    return await invite(context, row["name"] if row else arguments.name, Role(arguments.role), arguments.days)


class ChangeRole(Arguments):
    name: PersonName
    role: RoleName


@tool("Change a person's role", Effect.UPDATE, scope=Scope.ADMIN)
async def change_role(context: Context, arguments: ChangeRole) -> Change:
    """Makes somebody an owner, a member or a viewer, from his next call on."""
    row = await _locked(context, arguments.name)
    if row["role"] == arguments.role:
        return Change(name=row["name"], role=row["role"], role_before=row["role"])
    if row["role"] == Role.OWNER:
        await _refuse_last_owner(context, row)
    await people_store.set_role(context.db, context.actor.workspace_id, row["id"], arguments.role)
    await _tell(context, Action.ROLE_CHANGED, row, {"role": arguments.role, "before": row["role"]})
    return Change(name=row["name"], role=arguments.role, role_before=row["role"])


class RemovePerson(Arguments):
    name: PersonName


@tool("Remove a person", Effect.UPDATE, scope=Scope.ADMIN)
async def remove_person(context: Context, arguments: RemovePerson) -> Removal:
    """Ends somebody's keys and claims at once, or an invitation that was not used yet. What he wrote stays, with his
    name; he may be invited again."""
    workspace, now = context.actor.workspace_id, context.now
    was_invited = await people_store.withdraw(context.db, workspace, arguments.name, now)
    try:
        row = await _locked(context, arguments.name)
    except PersonNotFound:
        if not was_invited:
            raise
        return Removal(name=arguments.name, invitation_withdrawn=True)
    if row["role"] == Role.OWNER:
        await _refuse_last_owner(context, row)
    ended = await people_store.remove(context.db, workspace, row["id"], now)
    handed = await leave_all_projects(context, row["id"])
    await _tell(context, Action.PERSON_REMOVED, row, {"role": row["role"]})
    return Removal(
        name=row["name"],
        keys_ended=ended,
        projects_handed_to_you=handed or None,
        open_issues=await people_store.open_issues(context.db, workspace, row["id"]) or None,
    )


async def _locked(context: Context, name: str) -> Row:
    """Somebody who belongs to the workspace, with all roles as they stay until the call ends. Raises PersonNotFound."""
    workspace = context.actor.workspace_id
    await people_store.lock_roles(context.db, workspace)
    wanted = context.actor.name if name.lower() == "me" else name
    row = await store.account_named(context.db, workspace, wanted)
    if row is None or row["removed_at"] is not None:
        raise PersonNotFound(name, await store.account_names(context.db, workspace))
    return row


async def _refuse_last_owner(context: Context, row: Row) -> None:
    if not await people_store.has_other_owner(context.db, context.actor.workspace_id, row["id"]):
        raise LastOwner(row["name"])


async def _tell(context: Context, action: Action, row: Row, details: dict[str, object]) -> None:
    actor, about = context.actor, About(row["id"], details=details)
    await record(context.db, actor.workspace_id, action, by_actor(actor), context.now, about)


def _is_caller(context: Context, row: Row) -> bool:
    return bool(row["id"] == context.actor.account_id)


ENDPOINTS = (
    Endpoint("GET", "/v1/people", list_people),
    Endpoint("POST", "/v1/people", change_role),
    Endpoint("DELETE", "/v1/people", remove_person),
    Endpoint("POST", "/v1/invitations", invite_person),
)
