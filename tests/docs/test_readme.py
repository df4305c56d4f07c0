"""README is believed first, so what it shows and counts is held to the product."""

import json
import re
from pathlib import Path

from docs.generators.session import session
from turbo_server.catalogue import Catalogue

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_session_it_shows_is_what_the_server_answers() -> None:
    shown = session()
    assert f"```\n{shown}\n```" in README, f"README.md shows another answer. Put this in its place:\n{shown}"


def test_the_cost_it_names_is_that_of_the_tool_list() -> None:
    tools = [tool.listing for tool in Catalogue().tools.values()]
    given = [{name: tool[name] for name in ("name", "description", "inputSchema")} for tool in tools]
    tokens = len(json.dumps(given, separators=(",", ":"))) / 4  # the rule of thumb that the other figures follow
    said = re.search(r"ours about\s+([\d,]+)", README)
    assert said is not None
    assert int(said[1].replace(",", "")) == round(tokens, -3)


def test_it_stays_short() -> None:
    assert len(README.splitlines()) <= 150
