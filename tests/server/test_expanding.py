"""Each migration says whether code from before can work with what it leaves, and one that says so only adds."""

import importlib
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_mock_engine

from tests.releases import CONTRACTS, EXPANDS
from turbo_server.kit.database_errors import DatabaseNotMigrated, DatabaseTooNew
from turbo_server.migrations.oldest_code import FIRST
from turbo_server.migrations.version import VERSIONS, Schema, head

NUMBERS = sorted(path.stem for path in VERSIONS.glob("[0-9]*_*.py"))
DECLARED = [name for name in NUMBERS if name >= FIRST]
# What adds, whatever is there already. The name in brackets is that of a table.
ADDS = (
    r"create (?:virtual )?table (\w+)",
    r"create index \w+ on (\w+)",
    r"alter table (\w+) add column \w+ (?!.*(?:not null|unique|check))",
    r"alter table (\w+) add column \w+ (?=.*default)(?!.*(?:unique|check))",
)
# What may be done to a table, or by an update to columns, of the migration's own making.
ADDS_TO_NEW = (
    r"create unique index \w+ on (\w+)",
    r"create trigger .*? on (\w+)",
    r"alter table (\w+) add ",
    r"insert into (\w+)",
    r"update (\w+) set",
)
SIZED = '    op.add_column("issues", sa.Column("size", sa.Text()))\n'


def migration(name: str) -> ModuleType:
    return importlib.import_module(f"turbo_server.migrations.versions.{name}")


def said_to(database: str, upgrade: Any) -> list[str]:
    """The statements of an upgrade, which nothing carries out."""
    said: list[str] = []

    def hear(statement: Any, *_: object, **__: object) -> None:
        text = str(statement.compile(dialect=engine.dialect))
        said.append(" ".join(text.replace('"', "").lower().split()))

    engine = create_mock_engine(f"{database}://", hear)
    with Operations.context(MigrationContext(engine.dialect, engine, {})):  # type: ignore[arg-type]
        upgrade()
    return said


def not_only_adding(statements: Sequence[str]) -> list[str]:
    made = {found[1] for each in statements if (found := re.match(ADDS[0], each))}
    added = {tuple(found) for each in statements for found in re.findall(r"^alter table (\w+) add column (\w+)", each)}
    return [each for each in statements if not _only_adds(each, made, added)]


def _only_adds(statement: str, made: set[str], added: set[tuple[str, ...]]) -> bool:
    if any(re.match(pattern, statement) for pattern in ADDS):
        return True
    if any((found := re.match(pattern, statement)) and found[1] in made for pattern in ADDS_TO_NEW):
        return True
    filled = re.match(r"update (\w+) set (\w+) = (?!.*, \w+ = )", statement)
    return filled is not None and (filled[1], filled[2]) in added


@pytest.mark.parametrize("name", DECLARED)
def test_a_migration_says_whether_it_expands_or_contracts(name: str) -> None:
    assert getattr(migration(name), "change", None) in ("expand", "contract")


@pytest.mark.parametrize("name", DECLARED)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_one_that_expands_only_adds(name: str, database: str) -> None:
    if migration(name).change == "expand":
        assert not_only_adding(said_to(database, migration(name).upgrade)) == []


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("steps", "taken"),
    [
        (EXPANDS, 0),
        (CONTRACTS, 2),
        ('    op.add_column("issues", sa.Column("size", sa.Text(), nullable=False))', 1),
        ('    op.create_index("ix_x", "issues", ["title"], unique=True)', 1),
        ('    op.execute("update issues set title = upper(title)")', 1),
        ("    op.execute(\"insert into labels (name) values ('x')\")", 1),
        ('    op.rename_table("labels", "tags")', 1),
        (f'{SIZED}    op.execute("update issues set size = title")', 0),
        (f"{SIZED}    op.execute(\"update issues set size = title, title = ''\")", 1),
    ],
)
def test_the_rule_tells_what_takes_away_from_what_adds(database: str, steps: str, taken: int) -> None:
    namespace: dict[str, Any] = {}
    exec(  # noqa: S102 - as a migration's file would be read
        f"import sqlalchemy as sa\nfrom alembic import op\ndef upgrade():\n{steps}", namespace
    )
    assert len(not_only_adding(said_to(database, namespace["upgrade"]))) == taken


NEWER, OLDER = f"{int(head()) + 1:04}", f"{int(head()) - 1:04}"


@pytest.mark.parametrize(
    ("schema", "refusal"),
    [
        (Schema(head(), FIRST), None),
        (Schema(NEWER, FIRST), None),
        (Schema(NEWER, head()), None),
        (Schema(NEWER, NEWER), DatabaseTooNew),
        (Schema(NEWER), DatabaseTooNew),
        (Schema(OLDER), DatabaseNotMigrated),
        (Schema(OLDER, OLDER), DatabaseNotMigrated),
        (Schema(None), DatabaseNotMigrated),
    ],
)
def test_which_databases_serve_this_code(schema: Schema, refusal: type[Exception] | None) -> None:
    assert schema.serves_us is (refusal is None)
    if refusal is None:
        schema.require_use()
        return
    with pytest.raises(refusal):
        schema.require_use()


def test_what_has_to_know_all_refuses_even_what_serves_it() -> None:
    """An export of a newer database would leave out what it does not know."""
    with pytest.raises(DatabaseTooNew):
        Schema(NEWER, FIRST).require_current()
