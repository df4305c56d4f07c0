"""Servers of other releases than this: the one before, out of the history, and one that is still to come.

Nothing is released yet. The one before is the commit that tests/hosting/previous_release names: the first whose code
knows that a database may be newer than itself. From the first release on, it is what the last one was made of.
"""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NoReturn

import pytest

import turbo_server
from turbo_server.migrations.version import head

ROOT = Path(__file__).parents[1]
PREVIOUS = ROOT / "tests" / "hosting" / "previous_release"
_PACKAGE = "server/turbo_server"
# What a release to come may do while the one before still runs: a table, a column, a default for it, an index.
EXPANDS = """\
    op.create_table("votes", sa.Column("issue_id", sa.BigInteger(), primary_key=True))
    op.add_column("issues", sa.Column("estimate", sa.Integer(), nullable=True))
    op.add_column("comments", sa.Column("tone", sa.Text(), server_default="plain", nullable=False))
    op.add_column("alembic_version", sa.Column("told_by", sa.Text(), nullable=True))
    op.create_index("ix_issues_estimate", "issues", ["estimate"])
"""
CONTRACTS = """\
    op.drop_index("ix_issues_question", table_name="issues")
    op.drop_column("issues", "question")
"""
_MIGRATION = '''\
"""What a test thinks of."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
change = "{change}"


def upgrade() -> None:
{steps}
'''


def previous_release(folder: Path) -> Path:
    """The folder that holds its turbo_server. Skips where the history is not there; in CI it must be."""
    commit = PREVIOUS.read_text(encoding="utf-8").strip()
    packed = _git("archive", commit, _PACKAGE)
    if packed is None:
        _unavailable(f"the history does not hold {commit[:12]}, which tests/hosting/previous_release names")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "server"


def this_release() -> Path:
    return Path(turbo_server.__file__).parents[1]


def next_release(folder: Path, steps: str, *, change: str) -> Path:
    """This code with one migration more: the folder that holds its turbo_server."""
    package = folder / "turbo_server"
    shutil.copytree(Path(turbo_server.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    revision = f"{int(head()) + 1:04}"
    text = _MIGRATION.format(revision=revision, before=head(), change=change, steps=steps)
    (package / "migrations" / "versions" / f"{revision}_thought_of.py").write_text(text, encoding="utf-8")
    return folder


def of_release(release: Path, environment: dict[str, str]) -> dict[str, str]:
    """With which `python -m turbo_server` is that release's."""
    return environment | {"PYTHONPATH": str(release)}


def _git(*words: str) -> bytes | None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    done = subprocess.run([git, *words], cwd=ROOT, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def _unavailable(reason: str) -> NoReturn:
    advice = f"The release before was not tested: {reason}. A clone with the whole history has it."
    if os.environ.get("CI") == "true":
        pytest.fail(advice, pytrace=False)
    pytest.skip(advice)
