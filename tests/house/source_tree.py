"""What the house tests know of the product's Python files: their modules, and every import in them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("client", "installer", "server")


@dataclass(frozen=True)
class Import:
    """`targets`: every dotted name the statement may bring in; `from a import b` may mean a.b."""

    line: int
    targets: tuple[str, ...]
    is_lazy: bool


@dataclass(frozen=True)
class Module:
    """One file, under the name it is imported by."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @property
    def imports(self) -> Iterator[Import]:
        at_top = {id(node) for node in self.tree.body}
        for node in ast.walk(self.tree):
            targets = _targets(node, self.package)
            if targets:
                yield Import(getattr(node, "lineno", 0), targets, is_lazy=id(node) not in at_top)


def product_modules(root: Path = ROOT) -> list[Module]:
    """Those of the two distributions; the folders `client`, `installer` and `server` are no part of their names."""
    return [
        _module(path, path.relative_to(root / folder))
        for folder in PRODUCT
        for path in sorted((root / folder).glob("turbo_*/**/*.py"))
    ]


def _module(path: Path, relative: Path) -> Module:
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path, name, ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def _targets(node: ast.AST, package: str) -> tuple[str, ...]:
    match node:
        case ast.Import(names=names):
            return tuple(alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            origin = _origin(module, level, package)
            return (origin, *(f"{origin}.{alias.name}" for alias in names))
        case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__")):
            return tuple(
                word.value for word in node.args[:1] if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )
    return ()


def _origin(module: str | None, level: int, package: str) -> str:
    if not level:
        return module or ""
    parents = package.split(".")
    return ".".join([*parents[: len(parents) - level + 1], *([module] if module else [])])
