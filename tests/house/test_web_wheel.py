"""A server's wheel that was built where the web page is: what is installed of it shows the page."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

from tests.house.source_tree import ROOT
from tests.house.test_wheels import Wheel

ASK = """
import asyncio, sys
import turbo_server
from turbo_server.settings import WEB, Settings
from turbo_server.app import create_app

assert str(WEB).startswith(sys.prefix), WEB
sent = []
scope = {"type": "http", "method": "GET", "path": "/TURBO-12", "raw_path": b"/TURBO-12", "query_string": b"",
         "headers": [], "root_path": "", "client": None, "server": ("turbo", 80), "scheme": "http"}

async def receive():
    return {"type": "http.request", "body": b""}

async def send(message):
    sent.append(message)

asyncio.run(create_app(Settings(database_url="sqlite:///unused.db"))(scope, receive, send))
sys.stdout.write(str(sent[0]["status"]) + sent[1]["body"].decode())
"""


def what_was_built(folder: str, names: list[str]) -> set[str]:
    """The page itself, and no package of ours that is named after it."""
    export = {"web"} if Path(folder).name == "turbo_server" else set()
    return export & set(names) | {"__pycache__"} & set(names)


def test_an_installed_wheel_serves_the_page_that_it_was_built_with(tmp_path: Path) -> None:
    source = tmp_path / "server"
    shutil.copytree(ROOT / "server", source, ignore=what_was_built)
    shutil.copy(ROOT / ".gitignore", source)  # an export is not in git: the build takes it all the same
    page = source / "turbo_server" / "web"
    (page / "_next" / "static").mkdir(parents=True)
    (page / "item.html").write_text("<h1>Item</h1>")
    (page / "csp.json").write_text("{}")
    (page / "_next" / "static" / "app.js.br").write_text("packed")
    wheel = Wheel(source, tmp_path / "wheels")
    assert wheel.names >= {f"turbo_server/web/{name}" for name in ("item.html", "csp.json", "_next/static/app.js.br")}
    empty = tmp_path / "empty"
    venv.create(empty)
    [packages] = empty.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel.path) as archive:  # as pip does it, without a network
        archive.extractall(packages)
    (packages / "libraries.pth").write_text(sysconfig.get_paths()["purelib"])
    asked = [str(empty / "bin" / "python"), "-c", ASK]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "200<h1>Item</h1>"
    assert sys.prefix != str(empty)
