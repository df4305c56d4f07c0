"""The permission rule in settings.json that lets Claude Code call Turbo's tools without asking each time."""

from dataclasses import replace

from turbo_installer import json_text
from turbo_installer.changes import Finding, Part, Plan
from turbo_installer.documents import Document, open_document
from turbo_installer.record import PermissionRecord
from turbo_installer.state import State

RULE = "mcp__turbo__*"
CONTAINERS = (("permissions",), ("permissions", "allow"))


def plan_install(state: State) -> Plan:
    document = _open(state)
    findings = (*_stray_servers(document), *_opposing_rules(document))
    if RULE in document.child(list, *CONTAINERS[1]):
        return Plan(state.record, findings=findings)
    missing = tuple(path for path in CONTAINERS if json_text.container(document.text, path) is None)
    earlier = state.record.permission.created if state.record.permission else ()
    created = tuple(path for path in CONTAINERS if path in missing or path in earlier)
    change = document.change(_with_rule(document.text, len(missing)), f"Allow every Turbo tool ({RULE})")
    return Plan(replace(state.record, permission=PermissionRecord(created)), (change,), findings)


def _open(state: State) -> Document:
    document = open_document(state, Part.PERMISSION, state.places.settings, new="{}\n")
    document.child(dict, "permissions")
    return document


def _with_rule(text: str, missing: int) -> str:
    if missing == 2:
        return json_text.insert(text, (), "permissions", {"allow": [RULE]})
    if missing == 1:
        return json_text.insert(text, CONTAINERS[0], "allow", [RULE])
    return json_text.insert(text, CONTAINERS[1], None, RULE)


def _stray_servers(document: Document) -> tuple[Finding, ...]:
    if "mcpServers" not in document.value:
        return ()
    return (
        Finding(
            Part.PERMISSION,
            problem=False,
            message=f"{document.path} has an mcpServers block, which Claude Code ignores in this file.",
            remedy="Add its servers with `claude mcp add --scope user NAME -- COMMAND`, then delete the block.",
        ),
    )


def _opposing_rules(document: Document) -> tuple[Finding, ...]:
    found = []
    for name, effect in (("deny", "hides Turbo's tools"), ("ask", "asks before each of Turbo's tools")):
        rules = document.value.get("permissions", {}).get(name)
        if isinstance(rules, list) and any(rule in ("mcp__turbo", RULE) for rule in rules):
            found.append(
                Finding(
                    Part.PERMISSION,
                    problem=False,
                    message=f"permissions.{name} in {document.path} {effect}, whatever is allowed.",
                    remedy="Delete that rule if you want Claude Code to use Turbo freely.",
                )
            )
    return tuple(found)


def plan_uninstall(state: State) -> Plan:
    record = state.record.permission
    done = replace(state.record, permission=None)
    if state.files[state.places.settings] is None and state.places.settings not in state.unreadable:
        return Plan(done)
    if record is None and state.recorded:
        return Plan(done)
    document = _open(state)
    text = document.text
    allowed = document.child(list, *CONTAINERS[1])
    if RULE in allowed:
        last = len(allowed) - 1 - allowed[::-1].index(RULE)
        text = json_text.remove(text, CONTAINERS[1], last)
    text = json_text.prune(text, record.created if record else ())
    if text == document.text:
        return Plan(done)
    if str(document.path) in state.record.files and not json_text.parse(text):
        return Plan(done, (document.without_file("Remove the settings file that install made"),))
    return Plan(done, (document.change(text, f"Take out the permission {RULE}"),))
