"""What to do, from what there is: pure functions of a State, the same for a dry run and for the real one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from turbo_installer import claude_code, settings, slash_commands
from turbo_installer.changes import Change, ClaudeCalls, FileChange, Finding, FolderRemoval, LeftAlone, Part, Plan
from turbo_installer.record import Record
from turbo_installer.state import State

Planner = Callable[[State], Plan]


def plan_install(state: State) -> Plan:
    plan = _combine(
        state,
        {
            Part.SERVER: claude_code.plan_install,
            Part.PERMISSION: settings.plan_install,
            Part.COMMANDS: slash_commands.plan_install,
        },
    )
    return replace(plan, record=_with_made(plan.record, state, plan.changes))


def plan_uninstall(state: State) -> Plan:
    plan = _combine(
        state,
        {
            Part.SERVER: claude_code.plan_uninstall,
            Part.PERMISSION: settings.plan_uninstall,
            Part.COMMANDS: slash_commands.plan_uninstall,
        },
    )
    return replace(plan, changes=(*plan.changes, *_emptied_folders(state)))


def _combine(state: State, planners: dict[Part, Planner]) -> Plan:
    """A part whose file cannot be planned upon is left alone, and the others go on."""
    record, changes, findings = state.record, list[Change](), list[Finding]()
    for part, planner in planners.items():
        if part in state.setting.skipped:
            continue
        try:
            plan = planner(replace(state, record=record))
        except LeftAlone as left_alone:
            findings.append(left_alone.finding)
            continue
        record = plan.record
        changes.extend(plan.changes)
        findings.extend(plan.findings)
    return Plan(record, tuple(changes), tuple(findings))


def _with_made(record: Record, state: State, changes: tuple[Change, ...]) -> Record:
    made = [change for change in changes if isinstance(change, FileChange | ClaudeCalls) and change.before is None]
    files = tuple(str(change.path) for change in made if change.part is not Part.COMMANDS)
    return record.with_made(files, tuple(map(str, state.missing_folders)) if changes else ())


def _emptied_folders(state: State) -> list[FolderRemoval]:
    folders: list[Path] = sorted(state.empty_folders, reverse=True)
    return [FolderRemoval(Part.COMMANDS, folder, "Remove the folder that install made") for folder in folders]
