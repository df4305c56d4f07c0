"""`python -m bench.fuzz`: every operation of the OpenAPI document, by its schema and against it.

1 when an answer breaks the document, or an operation was not covered; 1 also when the control finds nothing.
"""

import argparse
import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import schemathesis

from bench.fuzz.access import Access
from bench.fuzz.campaign import Campaign, Outcome
from bench.fuzz.stdio import LIMIT_SECONDS, torment
from bench.fuzz.world import World
from bench.server import Running, on_sqlite, running, with_key
from bench.workshop import Workshop
from tests.postgres import create_database, postgres_server
from turbo_server.migrations.migrate import migrate

NOT_THERE = "no_such_field"


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    started = time.monotonic()
    if arguments.stdio:
        return _stdio(arguments)
    with _server(arguments.database) as live:
        outcomes = _play(arguments, live)
    print(_told(arguments, outcomes, time.monotonic() - started))
    return _judged(outcomes, control=arguments.control)


def _stdio(arguments: argparse.Namespace) -> int:
    with Workshop(quick=False) as bench:
        found = torment(bench.fresh_folder("home"), arguments.cases, arguments.seed)
    print(f"stdio, seed {arguments.seed}: {found.told()}")
    print("ok: alive, and always in time" if found.is_fine else f"OVER: more than {LIMIT_SECONDS:.0f} s")
    return 0 if found.is_fine else 1


@contextlib.contextmanager
def _server(database: str) -> Iterator[Running]:
    with Workshop(quick=False) as bench, contextlib.ExitStack() as stack:
        if database == "sqlite":
            server = on_sqlite(bench)
        else:
            url = create_database(stack.enter_context(postgres_server()), "turbo_fuzz")
            migrate(url)
            server = with_key(url, bench.fresh_folder("postgres"))
        server.environment["GRAPH_ENABLED"] = "true"
        with running(bench, server) as live:
            yield live


def _play(arguments: argparse.Namespace, live: Running) -> list[Outcome]:
    access = Access(live)
    document = access.document()
    if arguments.control:
        tamper(document)
    campaign = Campaign(access, arguments.seed)
    outcomes = []
    for number, found in enumerate(schemathesis.openapi.from_dict(document).get_all_operations()):
        operation = found.ok()
        if arguments.only and arguments.only not in operation.label:
            continue
        world = World(access.call, f"F{number}", access.words_for(operation.path))
        outcomes.append(campaign.run(operation, world, arguments.cases))
        say(_line(outcomes[-1]))
    return outcomes


def tamper(document: dict[str, Any]) -> None:
    """Every result has to have a field that no result has; one in plain text has to be called something else."""
    for path in document["paths"].values():
        for operation in path.values():
            content = operation["responses"]["200"]["content"]
            for media_type in list(content):
                if media_type == "application/json":
                    schema = content[media_type]["schema"]
                    schema["required"] = [*schema.get("required", []), NOT_THERE]
                else:
                    content[f"{media_type}-{NOT_THERE}"] = content.pop(media_type)


def _line(outcome: Outcome) -> str:
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(outcome.statuses.items()))
    wrong = ", ".join(f"{count} x {title}" for title, count in outcome.failures.items()) or "0"
    gap = "" if outcome.is_covered else "  NOT COVERED"
    return f"{outcome.label:34} {outcome.cases:5}  {statuses:45} failures {wrong}{gap}"


def _told(arguments: argparse.Namespace, outcomes: list[Outcome], took: float) -> str:
    statuses: Counter[int] = sum((outcome.statuses for outcome in outcomes), Counter())
    shown = [f"\n{outcome.label}: {each}" for outcome in outcomes for each in outcome.shown if not arguments.control]
    kind = "the control with a tampered document, " if arguments.control else ""
    failures = sum(sum(outcome.failures.values()) for outcome in outcomes)
    uncovered = sum(not outcome.is_covered for outcome in outcomes)
    size = f"{len(outcomes)} operations, {sum(statuses.values()):,} cases in {took:.0f} s"
    told = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    return (
        "\n".join(shown)
        + f"""
{kind}{arguments.database}, seed {arguments.seed}: {size}
statuses {told}
failures {failures:,}, operations not covered {uncovered}"""
    )


def _judged(outcomes: list[Outcome], *, control: bool) -> int:
    if control:
        blind = [outcome.label for outcome in outcomes if not outcome.failures]
        print(f"OVER: not seen in {', '.join(blind)}" if blind else "ok: every operation's answers break it")
        return 1 if blind else 0
    fine = outcomes and all(outcome.is_covered and not outcome.failures for outcome in outcomes)
    print("ok: every answer is as the document says" if fine else "OVER: see above")
    return 0 if fine else 1


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench.fuzz", description="Fuzzes a real server by its OpenAPI document."
    )
    parser.add_argument("--cases", type=int, default=500, help="of each operation, or lines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--only", metavar="WORD", help="operations whose name has it")
    parser.add_argument("--control", action="store_true", help="with a document that no answer fits: has to fail")
    parser.add_argument("--stdio", action="store_true", help="instead: that many lines into turbo-client")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
