"""What can be read off the product's source: names of headers, error codes and environment variables."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "turbo_server"
CLIENT = ROOT / "client" / "turbo_client"
INSTALLER = ROOT / "installer" / "turbo_installer"
HEADER_READERS = {"request.headers.get", "request.headers.getlist"}
ENVIRONMENTS = {"os.environ", "environ", "environment", "given"}


def header_names(folder: Path) -> set[str]:
    """The literal names in `request.headers.get(...)` and `getlist`."""
    return {
        str(call.args[0].value)
        for tree in _trees(folder)
        for call in _calls(tree)
        if ast.unparse(call.func) in HEADER_READERS and isinstance(call.args[0], ast.Constant)
    }


def error_codes(folder: Path) -> set[str]:
    """Every text that is assigned to a name or an attribute `code`."""
    return {
        node.value.value
        for tree in _trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_code(node.targets[0])
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def _is_code(target: ast.expr) -> bool:
    return ast.unparse(target).rpartition(".")[2] == "code"


def variables(*folders: Path) -> set[str]:
    """The environment variables that are read, by their name or by a constant of the same program that holds it."""
    trees = [tree for folder in folders for tree in _trees(folder)]
    constants = {name: text for tree in trees for name, text in _constants(tree)}
    return {
        constants.get(word, word)
        for tree in trees
        for call in _calls(tree)
        if ast.unparse(call.func).removesuffix(".get") in ENVIRONMENTS and call.args
        for word in _names(call.args[0])
    }


def _names(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif ast.unparse(argument).isupper() or "." in ast.unparse(argument):
        yield ast.unparse(argument).rpartition(".")[2]


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield ast.unparse(node.targets[0]), node.value.value


def _trees(folder: Path) -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))]


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
