"""Turbo's entry among Claude Code's MCP servers: planned for the `claude` program, or without it for the file."""

import json
import re
from dataclasses import replace
from typing import Any

from turbo_installer import json_text
from turbo_installer.backups import backup_name
from turbo_installer.changes import Change, ClaudeCalls, FileChange, Finding, LeftAlone, Part, Plan
from turbo_installer.documents import Document, open_document
from turbo_installer.record import ServerRecord, digest
from turbo_installer.state import State

SERVERS = ("mcpServers",)
NAME = "turbo"
ARGUMENTS = ["serve"]
ABSENT = object()
REMOVE = ("mcp", "remove", "--scope", "user", NAME)


def plan_install(state: State) -> Plan:
    document = _open(state)
    entry = document.child(dict, *SERVERS).get(NAME, ABSENT)
    if is_ours(entry) and entry["command"] == state.setting.program:
        return Plan(state.record)
    foreign = entry is not ABSENT and not is_ours(entry)
    findings = (_replaced(document, entry),) if foreign else ()
    record = replace(state.record, server=_record(state, document, foreign=foreign))
    return Plan(record, (_registration(state, document, entry),), findings)


def is_ours(entry: Any) -> bool:
    """Whether an entry starts a turbo-client, wherever that is or was installed."""
    if not isinstance(entry, dict) or entry.get("type", "stdio") != "stdio" or entry.get("args") != ARGUMENTS:
        return False
    command = entry.get("command")
    return isinstance(command, str) and re.split(r"[\\/]", command)[-1] in ("turbo-client", "turbo-client.exe")


def _open(state: State) -> Document:
    return open_document(state, Part.SERVER, state.places.claude_json, new="{}")


def _replaced(document: Document, entry: Any) -> Finding:
    return Finding(
        Part.SERVER,
        problem=False,
        message=f'The "{NAME}" server in {document.path} is not Turbo\'s: {_what_it_is(entry)}. It is replaced.',
        remedy="`turbo-client uninstall` puts it back.",
    )


def _what_it_is(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "it is no object"
    if "transport" in entry:
        return '"transport" is no key of Claude Code, "type" is'
    if "url" in entry and "type" not in entry:
        return 'it has a "url" but no "type", and Claude Code skips it'
    return "it starts another program"


def _record(state: State, document: Document, *, foreign: bool) -> ServerRecord:
    earlier = state.record.server or ServerRecord()
    ours_was_there = not foreign and NAME in document.child(dict, *SERVERS)
    record = ServerRecord(
        created=earlier.created or SERVERS[0] not in document.value,
        replaced=json_text.value_text(document.text, SERVERS, NAME) if foreign else earlier.replaced,
    )
    interrupted = record.replaced is not None and not foreign  # between removing that entry and adding ours
    if state.setting.claude is None or interrupted:
        return record
    if ours_was_there:
        untouched = document.before is not None and earlier.left == digest(document.before)
        known = earlier if untouched else ServerRecord()
        return replace(record, original=known.original, from_nothing=known.from_nothing)
    if document.before is None:
        return replace(record, from_nothing=True)
    return replace(record, original=backup_name(document.path, document.before))


def _registration(state: State, document: Document, entry: Any) -> Change:
    program = state.setting.program
    add = ("mcp", "add", "--scope", "user", NAME, "--", str(program), *ARGUMENTS)
    summary = f"Register the server {NAME} for every project: {program} {' '.join(ARGUMENTS)}"
    if state.setting.claude and not (is_ours(entry) and _has_extras(entry)):
        calls = (add,) if entry is ABSENT else (REMOVE, add)
        return ClaudeCalls(Part.SERVER, document.path, document.before, calls, summary)
    return document.change(_with_entry(document, entry, str(program)), summary, private=True)


def _has_extras(entry: dict[str, Any]) -> bool:
    """Settings of the user's own, as `timeout` or an environment: removing and adding would lose them."""
    return bool(entry.keys() - {"type", "command", "args", "env"} or entry.get("env"))


def _with_entry(document: Document, entry: Any, program: str) -> str:
    text = document.text
    new = {"type": "stdio", "command": program, "args": ARGUMENTS, "env": {}}
    if SERVERS[0] not in document.value:
        return json_text.insert(text, (), SERVERS[0], {NAME: new})
    if entry is ABSENT:
        return json_text.insert(text, SERVERS, NAME, new)
    if is_ours(entry):
        return json_text.replace(text, (*SERVERS, NAME), "command", json.dumps(program, ensure_ascii=False))
    return json_text.replace(text, SERVERS, NAME, json.dumps(new, ensure_ascii=False))


def plan_uninstall(state: State) -> Plan:
    done = replace(state.record, server=None)
    path = state.places.claude_json
    data = state.files[path]
    if data is None and path not in state.unreadable:
        return Plan(done)
    restored = _restoration(state, data) if data is not None else None
    if restored:
        return Plan(done, (restored,))
    try:
        document = _open(state)
        document.child(dict, *SERVERS)
    except LeftAlone:
        if state.recorded and state.record.server is None:  # so nothing of ours is in it
            return Plan(done)
        raise
    entry = document.child(dict, *SERVERS).get(NAME, ABSENT)
    if entry is not ABSENT and not is_ours(entry):
        return Plan(done, findings=(_not_ours(state, document),) if state.record.server else ())
    change = _removal(state, document, entry)
    return Plan(state.record if isinstance(change, ClaudeCalls) else done, (change,) if change else ())


def _restoration(state: State, data: bytes) -> FileChange | None:
    """While the file is exactly as `claude` left it for us, its bytes from before go back."""
    record, path = state.record.server, state.places.claude_json
    if record is None or record.left != digest(data):
        return None
    if state.original is None and not record.from_nothing:
        return None
    return FileChange(Part.SERVER, path, data, state.original, f"Take out the server {NAME}", whole=True)


def _not_ours(state: State, document: Document) -> Finding:
    return Finding(
        Part.SERVER,
        problem=False,
        message=f'The "{NAME}" server in {document.path} is no longer the one that install registered; it was kept.',
        remedy=f"`claude {' '.join(REMOVE)}` removes it." if state.setting.claude else "Delete it there if you like.",
    )


def _removal(state: State, document: Document, entry: Any) -> Change | None:
    record = state.record.server or ServerRecord()
    summary = f"Take out the server {NAME}"
    text = document.text
    if record.replaced is not None:
        return document.change(_with_replaced(document, entry, record.replaced), "Put back the server before it")
    if entry is not ABSENT and state.setting.claude:
        return ClaudeCalls(Part.SERVER, document.path, document.before, (REMOVE,), summary)
    if entry is not ABSENT:
        text = json_text.remove(text, SERVERS, NAME)
    if record.created:
        text = json_text.prune(text, (SERVERS,))
    if text == document.text:
        return None
    if str(document.path) in state.record.files and not json_text.parse(text):
        return document.without_file(summary)
    return document.change(text, summary if entry is not ABSENT else "Take out the list of servers that install made")


def _with_replaced(document: Document, entry: Any, raw: str) -> str:
    """In our place, or anew: an installation that was killed may have got no further than removing it."""
    if entry is not ABSENT:
        return json_text.replace(document.text, SERVERS, NAME, raw)
    if SERVERS[0] in document.value:
        return json_text.insert(document.text, SERVERS, NAME, json.loads(raw))
    return json_text.insert(document.text, (), SERVERS[0], {NAME: json.loads(raw)})


def only_grew(original: bytes | None, now: bytes) -> bool:
    """Whether everything that was in the file is still there, unchanged, beside what Claude Code adds by itself."""
    try:
        before = json_text.parse((original or b"{}").decode("utf-8-sig"))
        after = json_text.parse(now.decode("utf-8-sig"))
    except (UnicodeDecodeError, json_text.NotJson):
        return False
    return _without_servers(before).items() <= _without_servers(after).items() and _others(before) == _others(after)


def _without_servers(value: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(member) for name, member in value.items() if name != SERVERS[0]}


def _others(value: dict[str, Any]) -> dict[str, Any]:
    return {name: server for name, server in value.get(SERVERS[0], {}).items() if name != NAME}
