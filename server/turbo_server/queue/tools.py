"""next_issue and release_issue: what an agent takes up, and how it lets go of it."""

from typing import Annotated, cast

from pydantic import Field

from turbo_server.activity.record import Revision, revise
from turbo_server.activity.types import as_changes
from turbo_server.comment.tools import write_comment
from turbo_server.issue.state import moved
from turbo_server.issue.types import CLOSED
from turbo_server.item.fitting import fitted
from turbo_server.item.types import Item
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import SeenVersion, SomeText
from turbo_server.kit.keys import IssueKeyText, ProjectKey
from turbo_server.kit.kind import Found, State, View
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip, clip_bytes
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project
from turbo_server.work_log.tools import LogWork, log_work

from . import store
from .claims import claim_first, claim_named, held_by_another, lease_end, return_to_own
from .leases import tell_lease
from .offer import HANDED_BACK, offered, why_nothing
from .rank import Ranked
from .types import NextIssue, NotTakeable, Outcome, Released, Upcoming

THEN = 3
ROOM = 18_000  # characters for the issue itself, of the 20,000 of a result
ACTIONS = {"done": "finished", "handed_back": HANDED_BACK, "needs_human": "asked"}


class NextIssueArguments(Arguments):
    project: ProjectKey | None = None
    claim: Annotated[bool, Field(description="Take it: nobody else gets it while this session lives")] = False
    key: Annotated[IssueKeyText | None, Field(description="This one instead of the best")] = None


@tool("Take up the next issue", Effect.UPDATE)
async def next_issue(context: Context, arguments: NextIssueArguments) -> NextIssue:
    """The best issue to take up now, of one project or all: why, all it needs to begin (read its handoff first), and
    what comes after it. claim=true takes it for this session alone and starts it; asked again, that one comes back.
    End with release_issue."""
    of = await require_project(context, arguments.project) if arguments.project else None
    project = of["id"] if of else None
    if arguments.key:
        return await _named(context, await context.find(arguments.key), claim=arguments.claim)
    if own := await return_to_own(context):
        rest = [each for each in await offered(context, project) if each.key != own.key]
        return await _answer(context, own, "you hold it already", rest, is_claimed=True)
    if arguments.claim:
        best, rest = await claim_first(context, project)
    else:
        queue = await offered(context, project)
        best, rest = (queue[0], queue[1:]) if queue else (None, [])
    if best is None:
        return NextIssue(then=[], nothing=await why_nothing(context, of))
    return await _answer(context, await context.find(best.key), best.why, rest, is_claimed=arguments.claim)


async def _named(context: Context, found: Found, *, claim: bool) -> NextIssue:
    if claim:
        await claim_named(context, found)
        found = await context.find(found.key)
    rest = [each for each in await offered(context, None) if each.key != found.key]
    return await _answer(context, found, "you asked for it", rest, is_claimed=claim)


async def _answer(context: Context, found: Found, why: str, rest: list[Ranked], *, is_claimed: bool) -> NextIssue:
    described = await context.kinds[found.kind].describe(context, found, View())
    item = cast("Item", described.fields).model_copy(update={"url": context.page_of(found.key)})
    return NextIssue(
        why=why,
        claimed_until=lease_end(context) if is_claimed else None,
        issue=fitted(item, described, 0, ROOM),
        then=[_upcoming(each) for each in rest[:THEN]],
    )


def _upcoming(each: Ranked) -> Upcoming:
    return Upcoming(key=each.key, title=clip_bytes(each.row["title"], 84), why=each.why, due=each.row["due"])


class ReleaseIssue(Arguments):
    key: IssueKeyText
    outcome: Annotated[Outcome, Field(description="needs_human: it waits until a person answers")]
    text: Annotated[
        SomeText | None, Field(description="What was done; why it is handed back; or the question to a person")
    ] = None
    version: SeenVersion | None = None


@tool("Release an issue", Effect.UPDATE)
async def release_issue(context: Context, arguments: ReleaseIssue) -> Released:
    """Lets go of an issue taken up with next_issue: done, handed_back into the queue with the reason (set its handoff
    with update_issue before), or needs_human with a question that get_status shows until a person moves it on."""
    if arguments.outcome != "done" and arguments.text is None:
        asked = "the reason" if arguments.outcome == HANDED_BACK else "the question"
        raise InvalidArguments(f"release_issue: `text` is missing for {arguments.outcome}.", f"Say {asked} in text.")
    found = await context.find(arguments.key)
    if found.status in CLOSED and arguments.outcome != "done":
        raise NotTakeable(found.key, f"is {found.status}", "update_issue opens it again with status=ready.")
    await _require_own(context, found)
    revision = await _let_go(context, found, arguments)
    changes = revision.changes
    await store.end(context.db, found.id)
    tell_lease(context, len(await store.held(context.db, context.actor, context.now)))
    return Released(
        key=found.key,
        title=clip(found.title, 300),
        status=str(changes["status"][1]) if "status" in changes else str(found.status),
        version=revision.version,
        outcome=arguments.outcome,
        changed=as_changes(changes),
        next="next_issue(claim=true) gives the next one.",
        url=context.page_of(found.key),
    )


async def _require_own(context: Context, found: Found) -> None:
    """One's own sessions may release for each other: the person is the same."""
    holder = await store.holder(context.db, found.id, context.now)
    if holder and holder["account_id"] != context.actor.account_id:
        raise await held_by_another(context, found)


async def _let_go(context: Context, found: Found, arguments: ReleaseIssue) -> Revision:
    async def wanted(before: State) -> State:
        match arguments.outcome:
            case "done":
                return moved("done", before, context.now)
            case "handed_back":  # whoever comes next may take it
                return {**moved("ready", before, context.now), "assignee": None}
            case "needs_human":
                return {**moved("blocked", before, context.now), "question": arguments.text}

    revision = await revise(context, found, wanted, ACTIONS[arguments.outcome], seen=arguments.version)
    if arguments.text and arguments.outcome == "done":
        await log_work.run(context, LogWork.model_validate({"issue": found.key, "text": arguments.text}))
    elif arguments.text:
        await write_comment(context, found, arguments.text)
    return revision
