"""POST /v1/join: an invitation, as the bearer, becomes the key of a machine. The one address that takes no API key."""

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from turbo_server.account.identity import Identity
from turbo_server.account.invitations import Joined, join
from turbo_server.kit.answer import Answer
from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import Context, today_of
from turbo_server.kit.fields import Line
from turbo_server.kit.runner import Runner
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, Endpoint, tool

from .auth import caller_of, token_of
from .rest import read_body, rendered, response


class Join(Arguments):
    key: Annotated[Line, Field(description="The key of this machine, which it made itself: turbo_pat_...")]
    machine: Annotated[Line | None, Field(description="What the machine is called")] = None


@tool("Join a workspace", Effect.CREATE)
async def join_workspace(_context: Context, arguments: Join) -> Joined:
    """Makes the key that is sent along one of the person who is invited; the bearer is the invitation. With the same
    key it may be repeated, with any other the invitation is used up."""
    raise AssertionError(f"who joins has no key yet to call with: {arguments.machine}")


JOIN = Endpoint("POST", "/v1/join", join_workspace)


def join_routes(runner: Runner, identity: Identity) -> list[Route]:
    async def joined(request: Request) -> Response:
        body, caller, now = await read_body(request), caller_of(request), runner.clock()
        arguments = read_arguments(JOIN.tool, read_object(JOIN.tool, body), today_of(caller, now))
        async with runner.database.connection() as db:
            member = await join(db, identity, token_of(request), arguments.key, arguments.machine, now)
        return response(Answer(200, member.as_json()), {"Cache-Control": "no-store"})

    return [Route(JOIN.path, rendered(joined), methods=[JOIN.method])]
