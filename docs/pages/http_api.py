"""The page of the HTTP API: addresses, headers, and every error code the server can answer."""

import importlib
import pkgutil

import turbo_server
from turbo_server.catalogue import Catalogue
from turbo_server.doors.openapi import openapi_document
from turbo_server.doors.rest import BODY_LIMIT, CATALOGUE_HEADER
from turbo_server.kit.errors import TurboError

HEADERS = (
    ("Authorization: Bearer KEY", "the API key; `X-API-Key: KEY` is taken too"),
    ("Turbo-Machine, Turbo-Session", "which machine and agent session is calling; stored with what it writes"),
    ("Turbo-UTC-Offset", "the caller's minutes east of UTC: `today` is theirs"),
    ("If-None-Match", "on `GET /v1/tools`: answers 304 while the catalogue is as the caller has it"),
)


def page() -> str:
    paths = openapi_document(Catalogue())["paths"]
    addresses = "\n".join(
        f"| `{method.upper()} {path}` | {operation['summary']} |"
        for path, operations in paths.items()
        for method, operation in operations.items()
    )
    headers = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in HEADERS)
    codes = "\n".join(f"| `{code}` | {status} |" for code, status in _codes())
    return f"""# HTTP API

`GET /openapi.json` describes it exactly. A tool is called by `POST /v1/tools/NAME` with its arguments as a JSON object
of at most {BODY_LIMIT // 1024} KiB; the answer is its result. Each answer of a tool carries the catalogue's ETag in
`{CATALOGUE_HEADER}`, so that a client notices new tools.

| address | |
| --- | --- |
{addresses}

## Headers of a request

| header | |
| --- | --- |
{headers}

## Errors

Every error has the same form: `{{"error": {{"code": "...", "message": "...", "hint": "..."}}}}`. The message says what
is wrong, the hint what to do next. Wrong, revoked and malformed keys get one and the same 401. A 503 carries
`Retry-After`.

| code | status |
| --- | --- |
{codes}
"""


def _codes() -> list[tuple[str, int]]:
    for module in pkgutil.walk_packages(turbo_server.__path__, "turbo_server."):
        if "migrations" not in module.name and "__main__" not in module.name:
            importlib.import_module(module.name)
    found = {error.code: error for error in _below(TurboError) if "code" in vars(error)}
    return [(code, found[code].status) for code in sorted(found)]


def _below(error: type[TurboError]) -> list[type[TurboError]]:
    return [each for child in error.__subclasses__() for each in (child, *_below(child))]
