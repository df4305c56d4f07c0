"""/openapi.json, made from the catalogue: one exact operation per tool."""

from collections.abc import Sequence
from typing import Any

from turbo_server import __version__
from turbo_server.catalogue import ENDPOINTS, JOIN, SIGN_IN, TOOLSET_NAMES, Catalogue
from turbo_server.kit.idempotency import HEADER
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, Tool

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "hint"],
            "properties": {name: {"type": "string"} for name in ("code", "message", "hint")},
        }
    },
}
FAILURES = {
    "401": "The key is missing or not valid",
    "403": "The key's scope, or the person's role, does not allow it",
    "404": "Something named in the arguments is not there",
    "408": "The body did not arrive in time",
    "409": "The present state forbids it, or a call with the same Idempotency-Key is still running",
    "412": "The item was changed since the version that the call names: `current` is what is there now",
    "413": "The body is over 1 MiB",
    "422": "The arguments do not fit the tool, or the Idempotency-Key belongs to another call",
    "429": "A limit is reached; Retry-After says when there is room again",
    "500": "A defect of the server",
    "503": "The database does not answer",
}
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
KEY_REFUSED = {"400": "The Idempotency-Key is malformed"}
KEY_PARAMETER = {
    "name": HEADER, "in": "header", "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "A new UUID for each new call; the same one again repeats the call without doing it again",
}  # fmt: skip
ME = {
    "type": "object",
    "required": ["name", "workspace", "key", "server_version"],
    "properties": {
        "name": TEXT,
        "workspace": TEXT,
        "key": {
            "type": "object",
            "required": ["id", "name", "last4", "scope", "machine", "expires_at", "is_renewable", "is_limited"],
            "properties": {
                "id": {"type": "integer"},
                "name": TEXT,
                "last4": TEXT,
                "scope": {"enum": [scope.value for scope in Scope]},
                "machine": TEXT_OR_NULL,
                "expires_at": TEXT_OR_NULL,
                "is_renewable": {"type": "boolean"},
                "is_limited": {"type": "boolean"},
            },
        },
        "server_version": TEXT,
    },
}
LISTING = {
    "type": "object",
    "required": ["instructions", "tools"],
    "properties": {"instructions": TEXT, "tools": {"type": "array", "items": {"type": "object"}}},
}
READY = {
    "type": "object",
    "required": ["status", "database", "migration"],
    "properties": {"status": TEXT, "database": TEXT, "migration": TEXT},
}
ALIVE = {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}}


def openapi_document(catalogue: Catalogue, endpoints: Sequence[Endpoint] = ENDPOINTS) -> dict[str, Any]:
    tools = {f"/v1/tools/{name}": {"post": _operation(tool)} for name, tool in catalogue.tools.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Turbo-Plan", "version": __version__, "license": {"name": "MIT", "identifier": "MIT"}},
        "security": [{"bearer": []}, {"apiKey": []}, {"cookie": []}],
        "paths": {
            "/health": {
                "get": _get("health", "Whether the process is alive; asks no database", ALIVE, open_to_all=True)
            },
            "/ready": {"get": _get("ready", "Whether database and migrations are ready", READY, open_to_all=True)},
            "/v1/me": {"get": _get("me", "The person and the key of this request", ME)},
            "/v1/tools": {"get": _get("list_tools", "The catalogue; send If-None-Match to revalidate it", LISTING)},
            "/metrics": {"get": _metrics()},
            **tools,
            **_by_path(endpoints),
        },
        "components": {
            "schemas": {"Error": ERROR},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "invitation": {"type": "http", "scheme": "bearer", "description": "turbo_inv_..., used once"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-turbo",
                    "description": "A session of the web page, on requests that come from it",
                },
            },
        },
    }


def _by_path(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for each in endpoints:
        paths.setdefault(each.path, {})[each.method.lower()] = _endpoint(each)
    paths.setdefault(SIGN_IN.path, {})["post"] = {**_operation(SIGN_IN.tool), "security": []}
    paths[JOIN.path] = {"post": {**_operation(JOIN.tool), "security": [{"invitation": []}]}}
    return paths


def _operation(tool: Tool) -> dict[str, Any]:
    is_done_once = tool.effect is not Effect.READ and not tool.tells_secret and tool is not SIGN_IN.tool
    return {
        "operationId": tool.name,
        "summary": tool.title,
        "description": tool.description,
        **({"parameters": [KEY_PARAMETER]} if is_done_once else {}),
        "requestBody": {"required": True, "content": _json(tool.input_schema)},
        "responses": {
            "200": {"description": "The result", "content": _json(tool.output_schema)},
            **_failures(KEY_REFUSED | FAILURES if is_done_once else FAILURES),
        },
    }


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    operation = _operation(endpoint.tool)
    operation["responses"] |= _failures(dict(endpoint.failures))
    if endpoint.method != "GET":
        return operation
    schema = endpoint.tool.input_schema
    del operation["requestBody"]
    operation["parameters"] = [
        {
            "name": name, "in": "query", "required": name in schema["required"],
            "schema": {key: value for key, value in argument.items() if key != "description"},
            "description": argument.get("description", ""),
        }
        for name, argument in schema["properties"].items()
    ]  # fmt: skip
    return operation


def _get(name: str, summary: str, schema: dict[str, Any], *, open_to_all: bool = False) -> dict[str, Any]:
    expected = ("503",) if open_to_all else ("401", "429", "500", "503")
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": summary, "content": _json(schema)},
            **_failures({status: FAILURES[status] for status in expected}),
        },
    }
    if name == "list_tools":
        words = f"Which toolsets, separated by commas: {', '.join(TOOLSET_NAMES)}; all without it"
        operation["parameters"] = [{"name": "toolsets", "in": "query", "schema": TEXT, "description": words}]
        operation["responses"] |= _failures({"422": "There is no such toolset"})
        operation["responses"]["304"] = {"description": "The catalogue is as the caller has it"}
    return {**operation, "security": []} if open_to_all else operation


def _metrics() -> dict[str, Any]:
    operation = _get("metrics", "What this process has counted, for Prometheus; needs an admin key", {})
    operation["responses"]["200"]["content"] = {"text/plain": {"schema": TEXT}}
    operation["responses"] |= _failures({"403": FAILURES["403"]})
    return operation


def _failures(statuses: dict[str, str]) -> dict[str, Any]:
    content = _json({"$ref": "#/components/schemas/Error"})
    return {status: {"description": words, "content": content} for status, words in statuses.items()}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
