"""How long a brief takes over a team's data, and how many statements: in this process, without the HTTP around it."""

import asyncio
import random
import subprocess
import time
from dataclasses import dataclass

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
UNCOUNTED = 5  # the first ones open connections


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
        draw = random.Random(SEED)
        took: list[float] = []
        most = 0
        for number in range(count + UNCOUNTED):
            question, key = _question(draw, team, number), _key(draw, team) if number % 3 else None
            seconds, statements = await _timed(runner, counting, token, (question, key))
            if number >= UNCOUNTED:
                took.append(seconds)
                most = max(most, statements)
    took.sort()
    return Taken(took[len(took) // 2] * 1000, took[len(took) * 95 // 100] * 1000, most)


async def _timed(runner: Runner, counting: Counting, token: str, asked: tuple[str, str | None]) -> tuple[float, int]:
    """Seconds and statements of the brief alone: who asks, and what it is about, is found before."""
    now, (question, key) = runner.clock(), asked
    async with counting.connection() as db:
        actor = await runner.authenticator.actor(db, token, CALLER, now)
        context = Context(db, actor, now, now.date(), CALLER.utc_offset, None, runner.kinds, runner.listings)
        about = await context.find(key) if key else None
        counting.statements = 0
        started = time.perf_counter()
        await build_brief(context, question, about, None)
        return time.perf_counter() - started, counting.statements


def _question(draw: random.Random, team: Team, number: int) -> str:
    words = [team.words[int(len(team.words) * draw.random() ** (1 + number % 3))] for _ in range(WORDS)]
    # Some name a path, on both sizes: what governs it is then looked up, which is a statement more.
    return f"How should we {' '.join(words)}{' in server/app.py' if number % 4 == 0 else ''}?"


def _key(draw: random.Random, team: Team) -> str:
    return f"{team.key_of(draw.randint(1, team.projects))}-{draw.randint(1, 8)}"
