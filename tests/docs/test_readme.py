"""README is believed first, so what it shows and counts is held to the product."""

import json
import re
from pathlib import Path

from docs.generators.session import DAY, session
from turbo_server.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
README, START = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/start.md"))


def test_the_session_it_shows_is_what_the_server_answers() -> None:
    shown = session()
    assert f"```\n{shown}\n```" in README, f"README.md shows another answer. Put this in its place:\n{shown}"


def test_the_calls_before_it_are_those_that_make_it_and_those_of_first_steps() -> None:
    shell = "".join(line + "\n" for name, arguments in DAY for line in [_in_a_shell(name, arguments)])
    assert [f"```sh\n{shell}```" in page for page in (README, START)] == [True, True], shell


def _in_a_shell(name: str, arguments: dict[str, object]) -> str:
    words = [f'{word}="{text}"' if " " in str(text) else f"{word}={_said(text)}" for word, text in arguments.items()]
    return " ".join(["turbo-client call", name, *words])


def _said(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def test_the_cost_it_names_is_that_of_the_tool_list() -> None:
    tools = [tool.listing for tool in Catalogue().tools.values()]
    given = [{name: tool[name] for name in ("name", "description", "inputSchema")} for tool in tools]
    tokens = len(json.dumps(given, separators=(",", ":"))) / 4  # the rule of thumb that the other figures follow
    said = re.search(r"ours about\s+([\d,]+)", README)
    assert said is not None
    assert int(said[1].replace(",", "")) == round(tokens, -3)


def test_it_stays_short() -> None:
    assert len(README.splitlines()) <= 160
