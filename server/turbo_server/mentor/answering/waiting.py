"""Waits for an answer, a little, after the call's transaction: no connection is held meanwhile.

What is not there yet is said in a header, so that a program that passes answers on can ask again without knowing why.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

from turbo_server.kit.answer import Answer, shown
from turbo_server.kit.context import Actor, Context
from turbo_server.kit.runner import Runner
from turbo_server.mentor.types import MentorAnswer

from .job import ANSWERED

# JSON: `arguments` to call the same tool with again, and `message`, what is going on.
HEADER = "Turbo-Pending"

Look = Callable[[Context], Awaitable[MentorAnswer]]


def wait_for(actor: Actor, look: Look) -> Callable[[Runner, Answer], Awaitable[Answer]]:
    """`look` tells how it stands."""

    async def then(runner: Runner, _answer: Answer) -> Answer:
        traits = runner.traits
        until = time.monotonic() + traits.wait
        with ANSWERED.heard_by((rung := asyncio.Event()).set):
            while True:
                rung.clear()
                looked, answer = await _looked(runner, actor, look)
                left = until - time.monotonic()
                if looked.state != "working" or left <= 0:
                    return answer
                await _either(rung, min(left, traits.look_again))

    return then


async def _looked(runner: Runner, actor: Actor, look: Look) -> tuple[MentorAnswer, Answer]:
    async with runner.database.connection() as db:
        context = runner.context_of(db, actor)
        looked = await look(context)
    headers = {**context.answer_headers, **pending(looked)}
    return looked, Answer(200, shown(looked.as_json()), headers)


def pending(looked: MentorAnswer) -> dict[str, str]:
    if looked.state != "working":
        return {}
    told = {"arguments": {"conversation": looked.key}, "message": f"{looked.mentor} {looked.doing or 'is at work'}"}
    return {HEADER: json.dumps(told)}


async def _either(rung: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await rung.wait()
    except TimeoutError:
        return
