"""Every command that the page teaches is one. Needs neither Node nor a browser."""

import re
import shlex
from pathlib import Path

import pytest

from turbo_server.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
SOURCES = [path for name in ("views", "components") for path in sorted((ROOT / "frontend" / name).glob("*.tsx"))]
COMMANDS = sorted({said for path in SOURCES for said in re.findall(r'command="([^"]+)"', path.read_text())})
VERBS = {path.stem for path in (ROOT / "client" / "turbo_client" / "cli").glob("*.py")}
SAID = re.compile(r"[A-Z]\w+( [\w-]+){4,}[.?]")
TOOLS = Catalogue().tools


def test_the_page_teaches_some() -> None:
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_taught_can_be_typed(command: str) -> None:
    if SAID.fullmatch(command):
        return  # to an agent, in its own language
    if command.startswith("/"):
        assert (ROOT / "commands" / f"{command.split()[0][1:]}.md").exists()
    elif len(command) > 1:
        program, verb, *given = shlex.split(command)
        assert (program, verb in VERBS) == ("turbo-client", True)
        if verb != "call":
            return
        tool, *arguments = given
        names = {argument.partition("=")[0] for argument in arguments}
        schema = TOOLS[tool].input_schema
        assert set(schema["required"]) <= names <= set(schema["properties"])
    else:
        bound = [path for path in SOURCES if f'keys: "{command}"' in path.read_text()]
        assert bound, f"no key {command}"
