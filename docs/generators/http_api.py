"""docs/reference/http-api.md: addresses, headers and errors, from the server's own OpenAPI document and its code."""

import json
from typing import Any

import httpx

from docs.generators.errors import error_rows
from docs.generators.example_server import ExampleServer, example_server
from docs.generators.incomplete import require_same
from docs.generators.markdown import code, json_code, table
from docs.generators.source import SERVER, header_names
from turbo_server.catalogue import Catalogue
from turbo_server.doors.observing import REQUEST_ID
from turbo_server.doors.openapi import openapi_document
from turbo_server.doors.rest import CATALOGUE_HEADER
from turbo_server.doors.routes import SIGNED_OUT
from turbo_server.kit.errors import BODY_LIMIT
from turbo_server.kit.idempotency import PROMISE, REPLAYED
from turbo_server.kit.json_text import DEPTH
from turbo_server.kit.runner import RENEWAL_DUE
from turbo_server.mentor.answering.waiting import HEADER as PENDING
from turbo_server.queue.types import LEASE_HEADER

READ_HEADERS = {
    "authorization": "`Bearer KEY`: the API key. It comes before `X-API-Key`.",
    "x-api-key": "The API key, for programs that cannot set `Authorization`.",
    "cookie": (
        "`__Host-turbo`, on the server's own machine `turbo`: a session of the web page, instead of a key, never "
        "beside one ([the web's door](../concepts/web-door.md))."
    ),
    "sec-fetch-site": "With a cookie: it has to come from the page itself. Browsers send it; no page can change it.",
    "origin": "The same, from browsers that do not send `Sec-Fetch-Site`: it has to be that of `Host`.",
    "host": "With it `Origin` is compared; on the server's own machine a session's cookie has another name.",
    "content-type": "With a cookie, whatever changes something is `application/json`.",
    "accept": "Where there is no page: a browser gets one that says so, and programs an error.",
    "accept-encoding": "Of the page's files `br` and `gzip` are there.",
    "if-none-match": (
        "On `GET /v1/tools` and the page's files: the `ETag` that the caller has. An equal one is answered with 304."
    ),
    "idempotency-key": (
        "With a call that writes: a new UUID for each new call. The same one again is answered alike, and nothing is "
        "done again ([asking again](../concepts/idempotency.md))."
    ),
    "turbo-machine": "The caller's host name. It is written down beside what the call creates, and grants nothing.",
    "turbo-session": "The caller's agent session. It is written down likewise, and grants nothing.",
    "turbo-client-version": "The client's version. The list of keys shows the last one that a key was used by.",
    "turbo-utc-offset": "Minutes east of UTC, such as `60`. It decides which day `today` is. Without it: UTC.",
}
INTRODUCTION = """\
# HTTP API

What `turbo-client` and every other program talks to. It has no version in its paths but `v1`; `GET /openapi.json`
describes it exactly, each tool with its arguments and its result.

Bodies are JSON in UTF-8. A request body holds at most {limit} KiB and is nested at most {depth} levels deep. A page
holds at most 100 rows. How often a key may call is told in [Limits](../concepts/limits.md).
"""
_KEY = """\
Calling a tool, with the key in no argument of a process; bash and zsh know `<<<`. `$TURBO_API_KEY` is
[a key for a script](../guides/keys.md#a-key-for-a-script), here one with `--scope write`:
"""


def page() -> str:
    with example_server() as server:
        parts = [
            INTRODUCTION.format(limit=BODY_LIMIT // 1024, depth=DEPTH),
            _addresses(),
            _headers(),
            _examples(server),
            _errors(server),
        ]
    return "\n".join(parts)


def _addresses() -> str:
    document = openapi_document(Catalogue())
    rows = [
        _row(method, path, operation)
        for path, operations in document["paths"].items()
        if not path.startswith("/v1/tools/")
        for method, operation in operations.items()
    ]
    tool = document["paths"][f"/v1/tools/{next(iter(Catalogue().tools))}"]["post"]
    rows.append(_row("post", "/v1/tools/{name}", tool | {"summary": "Calls a tool; the body is its arguments object"}))
    rows.append(["`GET /openapi.json`", "This API as OpenAPI 3.1", "", "200"])
    head = ("Address", "", "Key", "Answers")
    return "## Addresses\n\n" + table(head, rows) + "\nThe tools are listed in [Tools](tools.md).\n"


def _row(method: str, path: str, operation: dict[str, Any]) -> list[str]:
    statuses = ", ".join(sorted(operation["responses"]))
    key = "" if operation.get("security") == [] else "needed"
    return [f"`{method.upper()} {path}`", operation["summary"], key, statuses]


def _headers() -> str:
    require_same(header_names(SERVER / "doors"), set(READ_HEADERS), "header", "docs/generators/http_api.py")
    read = [
        [f"`{name.title().replace('Api', 'API').replace('Utc', 'UTC')}`", what] for name, what in READ_HEADERS.items()
    ]
    sent = [
        ["`ETag`", "On `GET /v1/tools`: names this list of tools. It is the same in every process of one version."],
        [
            f"`{CATALOGUE_HEADER}`",
            "On the answer to a tool call: the `ETag` of today's list, so that a client sees a change.",
        ],
        [
            f"`{LEASE_HEADER}`",
            "For how many seconds the session's claims hold; 0: it has none. `POST /v1/leases` renews them.",
        ],
        [
            f"`{next(iter(RENEWAL_DUE))}`",
            "`due` when the key ends soon and may be renewed: `POST /v1/keys/rotate` does it.",
        ],
        [
            f"`{PENDING}`",
            "The result is not there yet. JSON: `arguments`, to call the same tool with again, and a `message`.",
        ],
        ["`Set-Cookie`", "On `POST /v1/session`: the session. On `DELETE /v1/session` of the one that asks: its end."],
        [f"`{SIGNED_OUT}`", "`true` where the session that asked has ended."],
        [f"`{PROMISE}`", "On every answer: for how many seconds a call with an `Idempotency-Key` is done once."],
        [f"`{REPLAYED}`", "`true` on the answer to a call that was done before, under its key."],
        ["`Retry-After`", "On 429 and 503, and on 409 while the same call is still worked on: seconds to wait."],
        [
            f"`{REQUEST_ID}`",
            "On every answer: the request's name in the server's log. Behind Fly it is that of Fly's proxy.",
        ],
        ["`WWW-Authenticate`", "On 401: `Bearer`."],
    ]
    return (
        f"## Headers\n\nRead from a request:\n\n{table(('Header', ''), read)}\n"
        f"Sent with an answer:\n\n{table(('Header', ''), sent)}"
    )


def _examples(server: ExampleServer) -> str:
    server.call("create_project", {"key": "WEB", "name": "Web shop"})
    call = {"project": "WEB", "title": "Fix the login"}
    asked = code(
        "curl -s http://127.0.0.1:8080/v1/tools/create_issue \\\n"
        f"  -d '{json.dumps(call)}' -H @- <<< \"Authorization: Bearer $TURBO_API_KEY\"",
        "bash",
    )
    shown = [
        f"`{method} {path}`\n\n{json_code(server.request(method, path).json())}"
        for method, path in (("GET", "/health"), ("GET", "/ready"), ("GET", "/v1/me"))
    ]
    answer = server.call("create_issue", call)
    return "\n".join(["## Examples\n", _KEY, asked, _shown(answer), *shown])


def _shown(answer: httpx.Response) -> str:
    header = f"{CATALOGUE_HEADER}: {answer.headers[CATALOGUE_HEADER]}"
    head = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\n{header}"
    return code(f"{head}\n\n{json.dumps(answer.json(), indent=2)}")


def _errors(server: ExampleServer) -> str:
    envelope = json_code(server.request("GET", "/v1/me", with_key=False).json())
    rows = error_rows(server)
    return (
        "## Errors\n\nEvery failure has this form, at every address. `code` is for programs and does not change. "
        "`message` says what is wrong,\n`hint` what to do next; both are for people and models, and may be worded "
        f"anew.\n\n{envelope}\n"
        "A missing, malformed, wrong and revoked key are told apart by nothing: the answer is one and the same. Only "
        "whoever holds\nan expired key learns that it has expired.\n\n"
        "Every code with an example. But for 429, 500 and 503, the server really gave it when this page was "
        "written:\n\n"
        f"{table(('Code', 'Status', 'Example'), rows)}"
    )
