"""`turbo-client call`: the same tools from a shell."""

import argparse
import json
from typing import Any

from turbo_client.calls import not_sent, send_and_wait, told
from turbo_client.catalogue import Catalogue
from turbo_client.cli import arguments as words
from turbo_client.cli.as_values import as_values
from turbo_client.cli.exit_codes import EXPLAINED, exit_code
from turbo_client.cli.rendering import readable
from turbo_client.cli.still_trying import still_trying
from turbo_client.cli.tools import unknown_tool
from turbo_client.errors import TurboClientError
from turbo_client.link import Link
from turbo_client.project_files import with_files
from turbo_client.shell_session import shell_session
from turbo_client.terminal import emphasised, out, say

SUMMARY = "Call a tool from the shell, as a session would."

_EXAMPLES = f"""\
values:
  name=text        text stays text; a number, a truth or a list where the tool takes one (list: a,b,c)
  name:=JSON       the exact JSON value
  name=@FILE       the content of a file of the project folder; name=- reads stdin
  --name text      the same as name=text

examples:
  turbo-client tools
  turbo-client call TOOL project=DEMO title='Fix the login' labels=bug,web
  turbo-client call TOOL project=DEMO title=Notes description=@notes.md --json

{EXPLAINED}"""


prepare = as_values


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("tool", metavar="TOOL", help="its name; `turbo-client tools` lists them")
    parser.add_argument("values", metavar="name=value", nargs="*", help="its arguments")
    parser.add_argument("--json", action="store_true", help="print the server's JSON as it came")


def run(arguments: argparse.Namespace) -> int:
    link = Link()
    call = _Call()
    try:
        with still_trying(link):
            result, body = call.do(link, arguments.tool, arguments.values)
    except TurboClientError as failure:
        if arguments.json:
            out(json.dumps({"error": failure.fields}))
        elif failure.details:
            out(readable(dict(failure.details)))
        say(f"{emphasised('error:')} {told(failure, reads=not call.may_write)}")
        return exit_code(failure if call.may_write else not_sent(failure))
    out(body if arguments.json else readable(result))
    return 0


class _Call:
    """Knows, when it fails, whether it was at a write."""

    may_write = False

    def do(self, link: Link, name: str, values: list[str]) -> tuple[dict[str, Any], str]:
        catalogue = _catalogue_with(link, name)
        tool = catalogue.tools.get(name)
        if tool is None:
            raise unknown_tool(catalogue, name)
        reads = catalogue.only_reads(name)
        given = with_files(tool, json.dumps(words.parse(values, tool["inputSchema"])))
        self.may_write = not reads
        answer = send_and_wait(link, name, given, reads=reads, session=shell_session(), tell=_say)
        return answer.json_object(), answer.body.decode()


def _say(words: str) -> None:
    """To whoever waits, once for each thing that goes on."""
    if words:
        say(f"{words} ...")


def _catalogue_with(link: Link, name: str) -> Catalogue:
    """The saved tool list will do if it knows the tool: the server checks the arguments anyway."""
    if link.catalogue is not None and name in link.catalogue.tools:
        return link.catalogue
    try:
        return link.refresh()
    except TurboClientError as problem:
        raise not_sent(problem) from None
