"""`turbo-client tools`: what the server offers, as sessions see it."""

import argparse
import difflib
import json
import textwrap

from turbo_client.catalogue import Catalogue
from turbo_client.cli.exit_codes import EXPLAINED
from turbo_client.cli.still_trying import still_trying
from turbo_client.cli.tool_help import description
from turbo_client.errors import CallFailed, UsageError
from turbo_client.link import Link
from turbo_client.terminal import out, say

SUMMARY = "List the tools that sessions have, with what they do."

_EXAMPLES = f"""\
examples:
  turbo-client tools
  turbo-client tools TOOL
  turbo-client tools --json

{EXPLAINED}"""

_WIDTH = 88


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("tool", nargs="?", metavar="TOOL", help="tell all about this one")
    parser.add_argument("--json", action="store_true", help="the whole tool list with schemas, as MCP clients get it")


def run(arguments: argparse.Namespace) -> int:
    link = Link()
    with still_trying(link):
        catalogue = _newest(link)
    if arguments.tool is not None:
        catalogue = _only(catalogue, arguments.tool)
    if arguments.json:
        tools = list(catalogue.tools.values())
        out(json.dumps({"instructions": catalogue.instructions, "tools": tools}, indent=2, ensure_ascii=False))
        return 0
    if arguments.tool is not None:
        out(description(catalogue.tools[arguments.tool]))
        return 0
    width = max(map(len, catalogue.tools), default=0)
    for name, tool in catalogue.tools.items():
        out(f"{name:{width}}  {textwrap.shorten(str(tool.get('description', '')), _WIDTH, placeholder=' …')}")
    say("Use one with `turbo-client call TOOL name=value ...`; `turbo-client tools TOOL` shows its arguments.")
    return 0


def _only(catalogue: Catalogue, name: str) -> Catalogue:
    if name not in catalogue.tools:
        raise unknown_tool(catalogue, name)
    return Catalogue(catalogue.instructions, json.dumps([catalogue.tools[name]]), catalogue.etag, catalogue.max_age)


def unknown_tool(catalogue: Catalogue, name: str) -> UsageError:
    near = difflib.get_close_matches(name, catalogue.tools, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`turbo-client tools` lists them."
    return UsageError(f"There is no tool {name!r}.", hint)


def _newest(link: Link) -> Catalogue:
    """Today's list, or the saved one if the server cannot be asked, and then it says so."""
    try:
        return link.refresh()
    except CallFailed as problem:
        if link.catalogue is None:
            raise
        say(f"{problem.text} This is the list as saved on this machine.")
        return link.catalogue
