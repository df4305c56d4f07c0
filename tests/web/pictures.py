"""`make web-pictures`: every page, in both themes and two widths, with the sample project as it would stand today.

All of them go to the folder that is named; those that the documents show are written to docs/images as well.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from bench.brief import project
from tests.server.harness import Turbo
from tests.server.live import LiveServer, live_server
from turbo_server.migrations.migrate import migrate

from .chromium import DESKTOP, PHONE, chromium, need_the_page
from .conftest import Tabs, in_another_thread, sign_in
from .places import go, pages, settled

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ITEMS = ("LEND-34", "DEC-12", "LEND-I1", "LEND-M1", "LEND-D1")
# In the documents: the picture there, and which one it is.
SHOWN = {"web-today.png": "today-light-desktop.png", "web-board.png": "board-dark-desktop.png"}


def main(folder: Path) -> None:
    need_the_page()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="turbo-pictures-") as home:
        url = f"sqlite:///{home}/turbo.db"
        fill(url)
        serving = in_another_thread(live_server(url, Path(home)))
        with serving as server, chromium() as started, started.at_work() as browser:
            for path in take(browser, server, folder):
                print(path)
    for shown, name in SHOWN.items():
        (IMAGES / shown).write_bytes((folder / name).read_bytes())


def fill(url: str) -> None:
    """So that the sample's last day is today."""
    last = datetime.strptime(f"{project.YEAR}-{project.LAST}", "%Y-%m-%d").replace(tzinfo=UTC)
    later = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - last
    clock = project.Clock(project.FIRST + later, later)
    migrate(url)
    with Turbo(url, clock) as turbo:
        project.fill(turbo, clock)


def take(browser: Browser, server: LiveServer, folder: Path) -> Iterator[Path]:
    for width, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        tabs = Tabs(browser, server)
        page = tabs.open(viewport, is_signed_in=False)
        sign_in(page, server.key)
        settled(page)
        for name in (*pages(), *ITEMS):
            go(page, f"/{name}")
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                path = folder / f"{name or 'today'}-{theme}-{width}.png"
                page.screenshot(path=path)
                yield path
        tabs.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
