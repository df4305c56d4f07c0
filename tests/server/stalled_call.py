"""A server that never ends a call: `python -m tests.server.stalled_call URL TOKEN KEY` writes, says so, and waits.

For a test that kills it between the claim of the key and the commit.
"""

import asyncio
import sys
from dataclasses import replace

from turbo_server.app import create_app
from turbo_server.issue.tools import CreateIssue, create_issue
from turbo_server.issue.types import IssueReceipt
from turbo_server.kit.context import Caller, Context
from turbo_server.settings import Settings


async def stalled(context: Context, arguments: CreateIssue) -> IssueReceipt:
    await create_issue.run(context, arguments)
    print("written", flush=True)
    await asyncio.Event().wait()
    raise AssertionError


async def main(url: str, token: str, key: str) -> None:
    app = create_app(Settings(database_url=url))
    async with app.router.lifespan_context(app):
        tools = {"create_issue": replace(create_issue, run=stalled)}
        body = b'{"project": "TURBO", "title": "First"}'
        await replace(app.state.runner, tools=tools).answer("create_issue", body, token, Caller(idempotency_key=key))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
