"""The files of the repository as git sees them: what is tracked, and what would be if it were added now."""

import subprocess
from functools import cache
from pathlib import Path

from tests.house.source_tree import ROOT


@cache
def tracked_files() -> tuple[Path, ...]:
    """Relative to the root. Any user may ask, also one who does not own the checkout."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted(Path(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def read(path: Path) -> str | None:
    """None for what is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
