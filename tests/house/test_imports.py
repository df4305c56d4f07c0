"""Who may see whom: the product keeps to it, and the check would notice if it did not."""

from pathlib import Path

import pytest

from tests.house.import_rules import violations
from tests.house.source_tree import product_modules

# A small house in good order, with what each room is allowed to do.
GOOD_HOUSE = {
    "client/turbo_client/backend.py": "import httpx",
    "client/turbo_client/credentials.py": "def read():\n    import keyring",
    "client/turbo_client/cli/install.py": "from turbo_installer import plan",
    "client/turbo_client/cli/doctor.py": "from turbo_installer.checks import check_claude_code",
    "installer/turbo_installer/plan.py": "from .settings import Settings",
    "server/turbo_server/app.py": "from turbo_server.doors import rest\nfrom turbo_server.account import store",
    "server/turbo_server/catalogue.py": "from turbo_server import issue, project",
    "server/turbo_server/settings.py": "import os",
    "server/turbo_server/kit/database.py": "from databases import Database",
    "server/turbo_server/kit/runner.py": "from turbo_server.kit import database\nfrom turbo_server import settings",
    "server/turbo_server/doors/rest.py": "from ..kit import runner\nfrom turbo_server import catalogue",
    "server/turbo_server/doors/mcp.py": "def mount():\n    from mcp.server import Server",
    "server/turbo_server/issue/store.py": "from turbo_server.kit import database",
    "server/turbo_server/issue/tools.py": "from . import store\nfrom turbo_server.project.types import Project",
    "server/turbo_server/project/tools.py": "from turbo_server.issue import tools",
    "server/turbo_server/job/worker.py": "import asyncio\nfrom turbo_server.kit import runner\nasyncio.create_task",
    "server/turbo_server/issue/lists.py": "from turbo_server.job.queue import enqueue",
    "server/turbo_server/webhook/sending.py": "import ssl, asyncio\nf = asyncio.open_connection",
    "server/turbo_server/webhook/deliver.py": "from .sending import send",
    "server/turbo_server/mentor/tools.py": "def ask():\n    import anthropic",
    "server/turbo_server/migrations/env.py": "from turbo_server.issue.store import ISSUES",
}

PLANTED = [
    ("client/turbo_client/proxy.py", "import turbo_server.kit", "must not import turbo_server"),
    ("client/turbo_client/proxy.py", "from turbo_installer import plan", "must not import turbo_installer"),
    ("client/turbo_client/proxy.py", "from httpx import Client", "must not import httpx"),
    ("client/turbo_client/cli/login.py", "import keyring.errors", "must not import keyring"),
    ("client/turbo_client/stdio.py", "import mcp.types", "must not import mcp"),
    ("installer/turbo_installer/plan.py", "from turbo_client import paths", "must not import turbo_client"),
    ("installer/turbo_installer/plan.py", "def f():\n    import turbo_server", "must not import turbo_server"),
    ("server/turbo_server/app.py", "import turbo_client", "must not import turbo_client"),
    ("server/turbo_server/kit/tool.py", "from turbo_server.issue import types", "knows no entity"),
    ("server/turbo_server/kit/tool.py", "from turbo_server.job import queue", "must not import turbo_server.job"),
    ("server/turbo_server/job/worker.py", "from turbo_server.issue import types", "knows no entity"),
    ("server/turbo_server/issue/tools.py", "import ssl", "must not import ssl"),
    ("server/turbo_server/issue/tools.py", "from turbo_server.webhook.sending import send", "must not import"),
    ("server/turbo_server/webhook/tools.py", "from .sending import send", "must not import"),
    ("server/turbo_server/issue/tools.py", "import asyncio\nf = asyncio.open_connection", "must not connect"),
    ("server/turbo_server/kit/tool.py", "from turbo_server import issue", "knows no entity"),
    ("server/turbo_server/kit/tool.py", "from .. import doors", "must not import turbo_server.doors"),
    ("server/turbo_server/kit/tool.py", "from turbo_server import catalogue", "must not import turbo_server.catalogue"),
    ("server/turbo_server/kit/tool.py", "import importlib\nimportlib.import_module('mcp.server')", "import mcp"),
    ("server/turbo_server/doors/rest.py", "from ..issue.tools import create_issue", "knows no entity"),
    (
        "server/turbo_server/doors/rest.py",
        "from turbo_server.app import create_app",
        "must not import turbo_server.app",
    ),
    ("server/turbo_server/issue/tools.py", "import urllib.request", "must not import urllib.request"),
    ("server/turbo_server/document/tools.py", "from http.client import HTTPSConnection", "must not import http.client"),
    ("server/turbo_server/issue/tools.py", "def f():\n    import subprocess", "must not import subprocess"),
    ("server/turbo_server/kit/runner.py", "import socket", "must not import socket"),
    ("server/turbo_server/doors/rest.py", "import databases", "must not import databases"),
    ("server/turbo_server/doors/rest.py", "from starlette.middleware.base import BaseHTTPMiddleware", "middleware"),
    ("server/turbo_server/issue/tools.py", "from turbo_server.project import store", "not its store"),
    ("server/turbo_server/issue/tools.py", "from turbo_server.project.store import find", "not its store"),
    ("server/turbo_server/issue/tools.py", "from turbo_server.doors import rest", "belongs to an entity"),
    ("server/turbo_server/issue/tools.py", "from turbo_server import catalogue", "belongs to an entity"),
    ("server/turbo_server/issue/tools.py", "import asyncio\nasyncio.gather()", "no gather inside a tool call"),
    ("server/turbo_server/issue/tools.py", "from asyncio import TaskGroup\nTaskGroup()", "no TaskGroup inside"),
    ("server/turbo_server/kit/runner.py", "import asyncio\nasyncio.create_task(f())", "no create_task inside"),
    ("server/turbo_server/mentor/tools.py", "import anthropic", "inside the function that needs it"),
    ("server/turbo_server/issue/tools.py", "def f():\n    import anthropic", "must not import anthropic"),
]


def build(root: Path, files: dict[str, str]) -> None:
    for name, source in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(source)


def test_the_product_keeps_to_the_directions() -> None:
    modules = product_modules()
    assert {"turbo_client", "turbo_installer", "turbo_server"} <= {module.name for module in modules}
    assert violations(modules) == []


def test_what_the_architecture_allows_is_allowed(tmp_path: Path) -> None:
    build(tmp_path, GOOD_HOUSE)
    assert violations(product_modules(tmp_path)) == []


@pytest.mark.parametrize(("path", "source", "reason"), PLANTED)
def test_a_planted_violation_is_found(tmp_path: Path, path: str, source: str, reason: str) -> None:
    build(tmp_path, GOOD_HOUSE | {path: source})
    found = violations(product_modules(tmp_path))
    assert found
    assert all(str(tmp_path / path) in sentence for sentence in found)
    assert any(reason in sentence for sentence in found)
