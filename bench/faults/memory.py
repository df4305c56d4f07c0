"""`memory`: two hundred of the worst calls at once, on a machine of 512 MB: the server is not killed, and answers.

The calls: the longest lists, bodies of 1 MiB, differences of long documents, searches. Needs root and cgroup v1 or v2.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.application import application
from bench.cgroup import MemoryGroup, NoCgroup
from bench.faults.sending import Call, Told, creation, send, slowest
from bench.process import free_port, http_server, resident_mib
from bench.seed import PROJECT, fill
from bench.server import COMMAND, Server, on_postgres, on_sqlite
from bench.workshop import Workshop

CALLS = 200
ISSUES = 2000
VERSIONS = 4
DOCUMENT_BYTES = 240 * 1024
ENTRIES, ENTRY_BYTES = 50, 20_000  # a body of 1 MiB
EXPECTED = {200, 503}  # too many at once is an answer too: it says when to come back


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    kinds = (arguments.database,) if arguments.database else ("postgres", "sqlite")
    try:
        fine = [_measured(kind, arguments) for kind in kinds]
    except NoCgroup as missing:
        print(missing, file=sys.stderr)
        return 2
    if arguments.megabytes < 512:
        print("OVER: so little was enough" if all(fine) else "ok: with so little memory it does not live")
        return 1 if all(fine) else 0
    print("ok: no kill, and every call was answered" if all(fine) else "OVER: killed, or calls without an answer")
    return 0 if all(fine) else 1


def _measured(kind: str, arguments: argparse.Namespace) -> bool:
    with Workshop(quick=False) as bench, MemoryGroup(arguments.megabytes) as group:
        server = on_sqlite(bench) if kind == "sqlite" else on_postgres(bench)
        calls = _filled(server, arguments.seed)
        port = free_port()
        environment = server.environment | {"API_PORT": str(port)}
        with http_server(COMMAND, environment, port, bench.log) as child:
            group.take_in(child.pid)
            send(server, port, creation(0, PROJECT))
            before = resident_mib(child.pid)
            began = time.monotonic()
            with ThreadPoolExecutor(CALLS) as threads:
                told = list(threads.map(lambda call: send(server, port, call), calls))
            took = time.monotonic() - began
            works = send(server, port, creation(1, PROJECT)).status
            lives = child.poll() is None
            told_so = _report(kind, arguments, told, took)
            print(
                f"{told_so}\nmemory: {before:.0f} MiB before, peak {group.peak_mib:.0f} of {arguments.megabytes} MiB;"
                f" the limit was hit {group.times_at_limit} times, killed {group.kills}; afterwards a call gets {works}"
            )
            return lives and works == 200 and group.kills == 0 and {each.status for each in told} <= EXPECTED


def _filled(server: Server, seed: int) -> list[Call]:
    """A database of some size, and the calls, mixed."""
    draw = random.Random(seed)
    text = "\n".join(f"{number}. {draw.randbytes(24).hex()}" for number in range(DOCUMENT_BYTES // 60))
    with application(server) as app:
        fill(app, ISSUES)
        app.call("create_document", project=PROJECT, title="Long", text=text)
        for version in range(VERSIONS):
            app.call("update_document", key=f"{PROJECT}-D1", text=_shuffled(draw, text, version))
        app.settle()
    makers = [_list, _items, _long_body, _difference, _search]
    calls = [makers[number % len(makers)](number) for number in range(CALLS)]
    draw.shuffle(calls)
    return calls


def _shuffled(draw: random.Random, text: str, version: int) -> str:
    lines = text.splitlines()
    draw.shuffle(lines)
    return f"Version {version}\n" + "\n".join(lines)


def _list(number: int) -> Call:
    return Call("list_issues", {"project": PROJECT, "limit": 100}, f"list {number}".replace(" ", "-"))


def _items(number: int) -> Call:
    return Call("get_item", {"key": f"{PROJECT}-D1"}, f"item-{number}")


def _long_body(number: int) -> Call:
    entries = [
        {"project": PROJECT, "title": f"Long {number} {each}", "description": "x" * ENTRY_BYTES}
        for each in range(ENTRIES)
    ]
    return Call("create_issues", {"issues": entries}, f"long-{number}")


def _difference(number: int) -> Call:
    return Call(
        "get_item", {"key": f"{PROJECT}-D1", "version": 1 + number % VERSIONS, "include": ["diff"]}, f"diff-{number}"
    )


def _search(number: int) -> Call:
    return Call("search", {"query": "make the part between"}, f"search-{number}")


def _report(kind: str, arguments: argparse.Namespace, told: list[Told], took: float) -> str:
    answers = Counter(f"{each.call.tool} {each.status} {each.code}" for each in told)
    listed = ", ".join(f"{name} {times} times" for name, times in sorted(answers.items()))
    odd = [f"\n{each.call.key}: {each.result}"[:600] for each in told if each.status not in EXPECTED][:3]
    head = f"{kind}, seed {arguments.seed}, {CALLS} calls at once in {took:.1f} s, the slowest {slowest(told):.1f} s"
    return f"{head}: {listed}" + "".join(odd)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.faults memory", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=512, help="of the cgroup; under 512: the control")
    parser.add_argument("--database", choices=("postgres", "sqlite"))
    parser.add_argument("--seed", type=int, default=1)
    return parser
