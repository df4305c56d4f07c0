"""Works on a question: the brief, the tools that the model is offered, and the rounds until it has answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from turbo_server.job.types import Services
from turbo_server.kit.context import Actor
from turbo_server.kit.tool import Tool
from turbo_server.mentor.brief.building import ON_THE_SERVER, build_brief
from turbo_server.mentor.conversation import store as conversations
from turbo_server.mentor.conversation.state import what_about

from . import problems, proposal_store, store
from .asked import Question
from .budget import Asker, Purse, purse_of
from .claude import open_claude
from .engine import Answered, Engine
from .prices import price_of
from .prompt import Prompt, brief_of, question_of, system_of
from .proposing import offered as offered_proposal
from .proposing import proposable, propose
from .reading import look, offered, readable
from .sources import note_sources


async def answer_question(question: Question, services: Services) -> Answered:
    """Raises AnswerProblem and BudgetUsedUp."""
    settings, actor = services.settings.mentor, question.actor
    model = question.mentor["model"] or settings.model
    if actor is None:
        raise problems.asker_gone()
    if not settings.answers_itself:
        raise problems.key_refused()
    price = price_of(model, settings)
    if price is None:
        raise problems.price_unknown(model)
    purse = _purse(question, actor, services)
    await _begin(question, actor, purse, model, services)
    hands = Hands(question, actor, services)
    prompt = Prompt(
        model,
        system_of(question.mentor, may_propose=hands.may_propose),
        await _brief(question, actor, services),
        question_of(actor.name, question.turn["question"]),
        hands.offered,
    )
    async with open_claude(settings) as claude:
        return await Engine(services, claude, prompt, price, purse, hands.do).answer()


def _purse(question: Question, actor: Actor, services: Services) -> Purse:
    mentor = question.mentor
    return purse_of(
        services.settings.mentor, question.workspace_id, question.turn["id"], Asker(actor.account_id, actor.name),
        (mentor["id"], mentor["handle"], mentor["daily_cents"]),
    )  # fmt: skip


async def _begin(question: Question, actor: Actor, purse: Purse, model: str, services: Services) -> None:
    """An earlier attempt may have died: what it cost is counted, what it proposed is proposed anew or not at all."""
    await purse.settle_what_was_left(services.database)
    workspace, turn = question.workspace_id, (question.turn["id"], actor.account_id)
    async with services.database.connection() as db, db.transaction():
        await proposal_store.drop_of_turn(db, workspace, question.turn["id"])
        await store.begin(db, workspace, turn, model, "is reading the brief", services.now())


async def _brief(question: Question, actor: Actor, services: Services) -> str:
    """With the sight of the person who asked."""
    async with services.database.connection() as db:
        context = services.runner.context_of(db, actor)
        about = await what_about(context, question.conversation)
        brief = await build_brief(context, question.turn["question"], about, question.found, ON_THE_SERVER)
        await conversations.draw_from(db, question.found.id, brief.projects)
    return brief_of(brief.content)


@dataclass(frozen=True)
class Hands:
    """All that the model can have done: looking up, and where its persona allows, proposing. Nothing of it writes
    what people keep here."""

    question: Question
    actor: Actor
    services: Services

    @property
    def may_propose(self) -> bool:
        return bool(self.question.mentor["may_propose"])

    @property
    def _readable(self) -> dict[str, Tool]:
        return readable(self.services.runner.tools)

    @property
    def _proposable(self) -> dict[str, Tool]:
        return proposable(self.services.runner.tools) if self.may_propose else {}

    @property
    def offered(self) -> list[Mapping[str, Any]]:
        """In the catalogue's order, always the same: the tools head the prompt cache."""
        return [
            *(offered(tool) for tool in self._readable.values()),
            *(offered_proposal(name, tool) for name, tool in self._proposable.items()),
        ]

    async def do(self, name: str, given: object) -> tuple[str, bool]:
        proposals = self._proposable
        if name in proposals:
            return await self._propose(proposals, name, given)
        told = await look(self.services.runner, self.actor, self._readable, name, given)
        async with self.services.database.connection() as db:
            await note_sources(db, self.question.workspace_id, self.question.found.id, told[0])
        return told

    async def _propose(self, tools: Mapping[str, Tool], name: str, given: object) -> tuple[str, bool]:
        place = self.question.found.id, self.question.turn["id"]
        async with self.services.database.connection() as db, db.transaction():
            context = self.services.runner.context_of(db, self.actor)
            await conversations.RECORDS.lock(context.db, place[0])
            return await propose(context, tools, place, name, given)
