"""create_milestone and update_milestone."""

from turbo_server.issue.types import Description, Due, Title
from turbo_server.kit.context import Context
from turbo_server.kit.keys import MilestoneKey, ProjectKey
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.plan.changes import create_plan, update_plan
from turbo_server.plan.types import Owner, PlanChange, PlanReceipt

from .kind import SHAPE
from .types import Status


class CreateMilestone(Arguments):
    project: ProjectKey
    title: Title
    description: Description = ""
    status: Status = "open"
    owner: Owner | None = None
    due: Due = None


@tool("Create a milestone", Effect.CREATE, toolset="plan")
async def create_milestone(context: Context, arguments: CreateMilestone) -> PlanReceipt:
    """Sets a day by which some issues of a project should be done, and returns its key, such as TURBO-M3. Give issues
    of that project the key as their milestone: its progress is counted from them."""
    return await create_plan(context, SHAPE, arguments.project, arguments)


class UpdateMilestone(PlanChange):
    key: MilestoneKey
    title: Title | None = None
    description: Description | None = None
    status: Status | None = None
    owner: Owner | None = None
    due: Due = None


@tool("Update a milestone", Effect.UPDATE, toolset="plan")
async def update_milestone(context: Context, arguments: UpdateMilestone) -> PlanReceipt:
    """Changes any fields of a milestone, and tells which changed and how far it is. Closing it leaves its open issues
    open and says how many. none clears owner and due."""
    return await update_plan(context, SHAPE, arguments)
