"""One answer: rounds of asking the model and doing what it wants looked up, until it answers.

Before each round what it may cost is reserved, and after it settled with what it did cost: also where it broke off.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from turbo_server.job.types import Services
from turbo_server.kit.database import Connection

from . import problems, store
from .budget import Purse
from .claude import MAX_TOKENS, Claude, Heard, Reply
from .prices import Price, Tokens
from .problems import AnswerProblem
from .prompt import Prompt, tokens_at_most

MOST_ROUNDS = 8
MOST_LOOKS = 8  # in one round
SO_FAR = 4_000  # characters of the words so far that are kept
CUT = "\n\n(The answer was cut here: it reached the most that a model may say at once. Ask it to go on.)"

# Does what the model wants: (name, arguments) to (what it is told, whether that is an error).
Do = Callable[[str, object], Awaitable[tuple[str, bool]]]


@dataclass(frozen=True, slots=True)
class Answered:
    text: str
    model: str


@dataclass(slots=True)
class Engine:
    """Of one attempt at one turn."""

    services: Services
    claude: Claude
    prompt: Prompt
    price: Price
    purse: Purse
    do: Do
    told_at: float = 0.0
    has_words: bool = False  # some of this round's are stored
    exchanged: list[Mapping[str, Any]] = field(default_factory=list)

    async def answer(self) -> Answered:
        """Raises AnswerProblem and BudgetUsedUp."""
        for round_number in range(1, MOST_ROUNDS + 1):
            reply = await self._round(is_last=round_number == MOST_ROUNDS)
            if reply.stop != "tool_use" or not reply.uses:
                return Answered(_text(reply), self.prompt.model)
            await self._look_up(reply)
        raise problems.no_answer()

    async def _round(self, *, is_last: bool) -> Reply:
        request = self.prompt.request(self.exchanged, is_last=is_last)
        most = self.price.at_most(tokens_at_most(request), MAX_TOKENS)
        await self.purse.reserve(self.services.database, most, self.services.now())
        heard, self.has_words = Heard(), False
        try:
            reply = await self.claude.reply(request, heard, lambda: self._tell("is answering", heard))
        except AnswerProblem:
            await self._settle(heard.least, is_whole=False)
            raise
        await self._settle(reply.tokens, is_whole=True)
        return reply

    async def _settle(self, tokens: Tokens, *, is_whole: bool) -> None:
        async with self.services.database.connection() as db, db.transaction():
            await self.purse.settle(db, self.price.of(tokens), tokens, is_whole=is_whole)

    async def _look_up(self, reply: Reply) -> None:
        """Every wish is answered: the API takes no reply back in which one is not."""
        results = []
        for number, use in enumerate(reply.uses):
            await self._say(f"is looking with {use['name']}")
            told = await self.do(use["name"], use["input"]) if number < MOST_LOOKS else (_TOO_MANY, True)
            results.append(
                {
                    "type": "tool_result",
                    "tool_use_id": use["id"],
                    "content": told[0] or "(nothing)",
                    "is_error": told[1],
                }
            )
        self.exchanged += [{"role": "assistant", "content": reply.content}, {"role": "user", "content": results}]

    async def _tell(self, phase: str, heard: Heard) -> None:
        """The words so far, now and then: a stream brings hundreds of pieces. The first at once, as a sign of life."""
        now = time.monotonic()
        are_first = bool(heard.text) and not self.has_words
        if now - self.told_at < self.services.settings.mentor.tell_every and not are_first:
            return
        self.told_at, self.has_words = now, bool(heard.text)
        least = self.price.of(heard.least)
        await self._note(lambda db: self._words(db, phase, heard.text[-SO_FAR:] or None, least))

    async def _say(self, phase: str) -> None:
        await self._note(lambda db: self._words(db, phase, None, 0))

    async def _note(self, write: Callable[[Connection], Awaitable[None]]) -> None:
        async with self.services.database.connection() as db:
            await write(db)

    async def _words(self, db: Connection, phase: str, so_far: str | None, least: int) -> None:
        purse = self.purse
        await store.tell(db, purse.workspace_id, purse.turn_id, (phase, so_far), least, self.services.now())


_TOO_MANY = f"Not looked up: at most {MOST_LOOKS} at a time."


def _text(reply: Reply) -> str:
    match reply.stop:
        case "refusal":
            raise problems.refused()
        case "model_context_window_exceeded":
            raise problems.too_long()
        case "max_tokens" if reply.text:
            return reply.text + CUT
    if not reply.text:
        raise problems.no_answer()
    return reply.text
