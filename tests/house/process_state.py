"""What the server's modules could keep from one call to the next: found in their source.

A value of a module that can change, a function with a cache, and a class whose objects change themselves. Which of
these live as long as the process a person has to say: the others are in OF_ONE_CALL.
"""

import ast
from collections.abc import Iterator

from tests.house.source_tree import ROOT

SERVER = ROOT / "server" / "turbo_server"
_CONTAINERS = frozenset({"dict", "set", "list", "OrderedDict", "Counter", "defaultdict", "count", "deque", "Semaphore"})
COMMANDS = ("cli", "doctor", "transfer")  # which end with what they were asked for, and serve nobody
# Made for one call, one connection, one attempt at a job or one command, and gone with it.
OF_ONE_CALL = frozenset(
    {
        "document/outline.py: _Reader",
        "doors/observing.py: _Answering",
        "doors/routes.py: Admission",
        "issue/entries.py: Problems",
        "job/types.py: Job",
        "kit/committing.py: Committing",
        "kit/context.py: Seen",
        "kit/limits.py: Creations",
        "kit/postgres.py: PostgresConnection",
        "kit/sql.py: Conditions",
        "kit/sqlite.py: SqliteConnection",
        "mentor/answering/claude.py: Heard",
        "mentor/answering/engine.py: Engine",
        "mentor/brief/building.py: _Left",
        "mentor/brief/ranking.py: Candidate",
    }
)


def states() -> frozenset[str]:
    """As `module: name`."""
    return frozenset(
        f"{path.relative_to(SERVER).as_posix()}: {name}"
        for path in SERVER.rglob("*.py")
        if path.parent.name != "versions" and path.relative_to(SERVER).parts[0] not in COMMANDS
        for name in _within(ast.parse(path.read_text(encoding="utf-8")))
    )


def _within(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _can_change(node.value):
            yield ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    for each in ast.walk(module):
        match each:
            case ast.Global(names=names):
                yield from names
            case ast.FunctionDef() | ast.AsyncFunctionDef() if any(map(_is_cache, each.decorator_list)):
                yield each.name
            case ast.ClassDef() if _changes_itself(each):
                yield each.name


def _is_cache(decorator: ast.expr) -> bool:
    name = ast.unparse(decorator).partition("(")[0].rpartition(".")[2]
    return name in ("cache", "lru_cache")


def _changes_itself(found: ast.ClassDef) -> bool:
    for member in found.body:
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            _is_kept(target, value, member.name) for target, value in _assigned(member)
        ):
            return True
        if isinstance(member, ast.AnnAssign) and member.value is not None and not _is_frozen(found):
            return True
    return False


def _assigned(method: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            yield node.target, node.value


def _is_kept(target: ast.expr, value: ast.expr | None, method: str) -> bool:
    is_own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    return is_own and (method != "__init__" or (value is not None and _can_change(value)))


def _is_frozen(found: ast.ClassDef) -> bool:
    """A dataclass whose values stay, or no dataclass: a model, an enum, a protocol."""
    decorators = [ast.unparse(each) for each in found.decorator_list]
    is_dataclass = any(each.startswith("dataclass") for each in decorators)
    return not is_dataclass or any("frozen=True" in each for each in decorators)


def _can_change(value: ast.expr) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]) | ast.Constant(value=0 | 0.0 | False):
            return True
        case ast.Call(func=function):
            return ast.unparse(function).rpartition(".")[2] in _CONTAINERS
        case _:
            return False
