"""How long a brief takes over a team's data, and how many statements: inside this process, without the HTTP around it."""

import asyncio
import random
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bench.application import CALLER, Counting
from bench.process import PROGRAMS, Command
from bench.scale.fill import fill
from bench.scale.rows import SEED, Team
from bench.server import on_postgres
from bench.workshop import Workshop
from turbo_server.app import create_app
from turbo_server.kit.context import Context
from turbo_server.kit.runner import Runner
from turbo_server.mentor.brief.building import build_brief
from turbo_server.settings import Settings

QUESTIONS = 60
A_PROJECT = 500  # issues
WORDS = 6


@dataclass(frozen=True)
class Taken:
    p50_ms: float
    p95_ms: float
    statements: int


def measure(bench: Workshop, issues: int) -> Taken:
    """Questions of common and of rare words, about issues and about none."""
    team = Team(issues, max(1, issues // A_PROJECT))
    server = on_postgres(bench)
    fill(server.database_url, team)
    reindex: Command = [PROGRAMS / "turbo-server", "reindex"]
    subprocess.run(reindex, env=server.environment, check=True, capture_output=True)
    return asyncio.run(_asked(server.database_url, server.token, team, bench.rounds(QUESTIONS)))


async def _asked(url: str, token: str, team: Team, count: int) -> Taken:
    app = create_app(Settings(database_url=url))
    async with app.router.lifespan_context(app):
        runner: Runner = app.state.runner
        counting = Counting(runner.database)
        counted = replace(runner, database=counting)
        draw = random.Random(SEED)
        took, statements = [], []
        for number in range(count + 5):
            question, key = _question(draw, team, number), _key(draw, team) if number % 3 else None
            counting.statements = 0
            seconds = await _timed(counted, token, question, key)
            if number >= 5:  # the first ones open connections
                took.append(seconds)
                statements.append(counting.statements)
    took.sort()
    return Taken(took[len(took) // 2] * 1000, took[len(took) * 95 // 100] * 1000, max(statements))


async def _timed(runner: Runner, token: str, question: str, key: str | None) -> float:
    """Of the brief alone: who asks, and what it is about, is found before."""

    async def work(context: Context) -> float:
        about = await context.find(key) if key else None
        before = runner.database.statements  # type: ignore[attr-defined] - Counting
        started = time.perf_counter()
        await build_brief(context, question, about, None)
        taken = time.perf_counter() - started
        runner.database.statements -= before  # type: ignore[attr-defined]
        return taken

    return await with_context(runner, token, work)


async def with_context(runner: Runner, token: str, work: Callable[[Context], Awaitable[float]]) -> float:
    """What a call does before its verb."""
    now = runner.clock()
    async with runner.database.connection() as db:
        actor = await runner.authenticator.actor(db, token, CALLER, now)
        context = Context(db, actor, now, now.date(), CALLER.utc_offset, None, runner.kinds, runner.listings)
        return await work(context)


def _question(draw: random.Random, team: Team, number: int) -> str:
    words = [team.words[int(len(team.words) * draw.random() ** (1 + number % 3))] for _ in range(WORDS)]
    return f"How should we {' '.join(words)}?"


def _key(draw: random.Random, team: Team) -> str:
    return f"{team.key_of(draw.randint(1, team.projects))}-{draw.randint(1, 8)}"
