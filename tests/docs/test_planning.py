"""The planning guide is played: each of its calls, in order, through the client's own reading of the command line."""

import re
import shlex
from pathlib import Path

import pytest

from tests.server.harness import Turbo
from turbo_client.cli.arguments import parse
from turbo_server.catalogue import Catalogue

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "planning.md").read_text(encoding="utf-8")
CALL = "turbo-client call "


def calls() -> list[str]:
    shell = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    return [line.removeprefix(CALL) for line in shell.splitlines()]


def test_every_call_of_the_guide_is_done(turbo: Turbo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (plan,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "plan.json").write_text(plan, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    answers = []
    for call in calls():
        name, *words = shlex.split(call)
        answers.append(turbo.call(name, **parse(words, Catalogue().tools[name].input_schema)))
    assert len(answers) >= 15
    assert turbo.call("get_item", key="CAFE-I1")["progress"] == {
        "total": 5, "done": 1, "percent": 20, "blocked": 1,
    }  # fmt: skip
    assert answers[-2]["still_open"] == "2 issues stay open: list_issues(milestone=CAFE-M1, status=open)"
    assert turbo.call("get_item", key="CAFE-1")["handoff"]["state"] == "Checkout works"
