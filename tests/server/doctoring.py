"""Reads what `turbo-server doctor --json` prints."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any


def checks_of(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    found = json.loads(done.stdout)
    assert found["ok"] == all(check["ok"] is not False for check in found["checks"])
    assert done.returncode == (0 if found["ok"] else 1)
    for check in found["checks"]:
        assert check["ok"] is not False or check["remedy"], check
    return {check["name"]: check for check in found["checks"]}


def wrong(checks: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    return {name: f"{check['detail']} -> {check['remedy']}" for name, check in checks.items() if check["ok"] is False}
