"""The slash command files: ours are kept up to date, a file that its owner has edited is never touched."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from turbo_installer.changes import FileChange, Finding, Part, Plan
from turbo_installer.errors import InstallerError
from turbo_installer.program import REINSTALL
from turbo_installer.record import digest
from turbo_installer.state import State

# Digests of every version that was ever published, so that an untouched one is known without a record too.
EARLIER_VERSIONS: Mapping[str, frozenset[str]] = {
    "turbo-issue.md": frozenset({"3cd864b13293936340fd75d6a9d8d63327b6e0b0944b4b997a421590923190b8"}),
    "turbo-status.md": frozenset(
        {
            "b102eaaf9b36f803148e2217d97e227e79d2d68bcda943f8962b29c8e0826a08",
            "1f9fff9cfda2d5d19356b11152aa1511be3e5c8c2eada38814e41bfca89483af",
        }
    ),
}


def shipped_commands() -> dict[str, bytes]:
    """A wheel carries them inside the package; in a checkout they stand at the root of the repository."""
    here = Path(__file__).parent
    for folder in (here / "commands", here.parent.parent / "commands"):
        found = {path.name: path.read_bytes() for path in sorted(folder.glob("turbo-*.md"))}
        if found:
            return found
    raise InstallerError(f"The slash commands are missing beside {here}.", REINSTALL)


def plan_install(state: State) -> Plan:
    changes: list[FileChange] = []
    findings: list[Finding] = []
    commands = dict(state.record.commands)
    for name, content in state.setting.shipped.items():
        path = state.places.commands / name
        current = state.files[path]
        if path in state.unreadable:
            findings.append(_unreadable(state, path))
        elif current is None or _is_ours(state, name, current):
            commands[name] = digest(content)
            if current != content:
                verb = "Add" if current is None else "Bring up to date:"
                changes.append(FileChange(Part.COMMANDS, path, current, content, f"{verb} /{path.stem}"))
        else:
            findings.append(_kept(path, f"Delete it and {state.again} to get ours."))
    return Plan(replace(state.record, commands=commands), tuple(changes), tuple(findings))


def plan_uninstall(state: State) -> Plan:
    changes: list[FileChange] = []
    findings: list[Finding] = []
    for name in sorted({*state.setting.shipped, *state.record.commands}):
        path = state.places.commands / name
        current = state.files[path]
        if path in state.unreadable:
            findings.append(_unreadable(state, path))
        elif current is not None and _is_ours(state, name, current):
            changes.append(FileChange(Part.COMMANDS, path, current, None, f"Remove /{path.stem}"))
        elif current is not None:
            findings.append(_kept(path, "Delete it yourself if you no longer want it."))
    return Plan(replace(state.record, commands={}), tuple(changes), tuple(findings))


def _is_ours(state: State, name: str, current: bytes) -> bool:
    ours = {state.record.commands.get(name), *EARLIER_VERSIONS.get(name, ())}
    return digest(current) in ours or current == state.setting.shipped.get(name)


def _kept(path: Path, remedy: str) -> Finding:
    return Finding(Part.COMMANDS, problem=False, message=f"{path} is your own version and was kept.", remedy=remedy)


def _unreadable(state: State, path: Path) -> Finding:
    return Finding(
        Part.COMMANDS,
        problem=True,
        message=f"{path} cannot be read: {state.unreadable[path]}.",
        remedy=f"Make it a file that you can read, or delete it, then {state.again}.",
    )
