"""Writes docs/reference from the code: `python -m docs.generate`, or `--check` to learn whether it is current.

The pages hold nothing of the machine or the moment they are written on, so that `--check` compares bytes.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docs.generators import command_lines, export_format, http_api, settings, tools
from docs.generators.incomplete import Incomplete

REFERENCE = Path(__file__).parent / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "tools.md": tools.page,
    "http-api.md": http_api.page,
    "cli.md": command_lines.page,
    "settings.md": settings.page,
    "export-format.md": export_format.page,
}
MARK = "<!-- Written by `make docs` from the code; edit that. -->\n\n"


def main(arguments: Sequence[str], folder: Path = REFERENCE) -> int:
    parser = argparse.ArgumentParser("python -m docs.generate", description="Write docs/reference from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not current")
    check = parser.parse_args(arguments).check
    try:
        pages = {name: MARK + write() for name, write in PAGES.items()}
    except Incomplete as gap:
        print(gap, file=sys.stderr)
        return 1
    return _check(pages, folder) if check else _write(pages, folder)


def _check(pages: dict[str, str], folder: Path) -> int:
    stale = [name for name, text in pages.items() if _present(folder / name) != text]
    for name in stale:
        print(f"docs/reference/{name} is not what the code says. Run `make docs` and commit it.", file=sys.stderr)
    unknown = sorted(path.name for path in folder.glob("*.md") if path.name not in pages)
    for name in unknown:
        print(f"docs/reference/{name} is no generated page. Delete it, or move it out.", file=sys.stderr)
    return 1 if stale or unknown else 0


def _present(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(pages: dict[str, str], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
