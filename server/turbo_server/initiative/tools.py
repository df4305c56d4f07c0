"""create_initiative and update_initiative."""

from typing import Annotated

from pydantic import Field

from turbo_server.issue.types import Description, Due, Title
from turbo_server.kit.context import Context
from turbo_server.kit.keys import InitiativeKey, ProjectKey
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.plan.changes import create_plan, update_plan
from turbo_server.plan.types import Owner, PlanChange, PlanReceipt

from .kind import SHAPE
from .types import Status


class CreateInitiative(Arguments):
    project: Annotated[ProjectKey, Field(description="Where it is at home; its issues may be of any project")]
    title: Title
    description: Description = ""
    status: Status = "planned"
    owner: Owner | None = None
    due: Due = None


@tool("Create an initiative", Effect.CREATE)
async def create_initiative(context: Context, arguments: CreateInitiative) -> PlanReceipt:
    """Starts a goal that issues of one or more projects add up to, and returns its key, such as TURBO-I2. Give issues
    that key as their initiative: its progress is counted from them."""
    return await create_plan(context, SHAPE, arguments.project, arguments)


class UpdateInitiative(PlanChange):
    key: InitiativeKey
    title: Title | None = None
    description: Description | None = None
    status: Status | None = None
    owner: Owner | None = None
    due: Due = None


@tool("Update an initiative", Effect.UPDATE, toolset="plan")
async def update_initiative(context: Context, arguments: UpdateInitiative) -> PlanReceipt:
    """Changes any fields of an initiative, and tells which changed and how far it is. none clears owner and due."""
    return await update_plan(context, SHAPE, arguments)
