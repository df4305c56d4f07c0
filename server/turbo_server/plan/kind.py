"""Plans as every verb knows them that takes any key."""

from turbo_server.issue.neighbours import keys_under
from turbo_server.kit.context import Context
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Description, Found, Kind, Page, PageRequest, State, View

from .describe import describe_plan
from .lists import page_of_plans
from .shape import Shape
from .state import find_plan, find_plans, read_state, write_state


def plan_kind(shape: Shape) -> Kind:
    async def find(context: Context, key: str) -> Found:
        return await find_plan(context, shape, key)

    async def find_by_id(context: Context, ids: list[int]) -> list[Found]:
        return await find_plans(context, shape, ids)

    async def describe(context: Context, found: Found, _view: View) -> Description:
        return await describe_plan(context, shape, found)

    async def state(context: Context, plan_id: int) -> State:
        return await read_state(context, shape, plan_id)

    async def write(context: Context, found: Found, state: State) -> None:
        await write_state(context, shape, found.id, state)

    async def page(context: Context, request: PageRequest) -> Page:
        return await page_of_plans(context, shape, request)

    async def dependants(context: Context, plan_id: int) -> list[str]:
        return await keys_under(context, shape.name, plan_id)

    return Kind(
        name=shape.name,
        is_key=is_key_of(shape.name),
        find=find,
        find_by_id=find_by_id,
        describe=describe,
        state=state,
        write=write,
        search_text=lambda state: str(state["description"]),
        page=page,
        dependants=dependants,
    )
