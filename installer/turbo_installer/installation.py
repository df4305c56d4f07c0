"""The two verbs: read, plan, remember, apply, until nothing is left to change; then prove it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from turbo_installer import claude_code
from turbo_installer.apply import apply_change, remove_leftovers
from turbo_installer.changes import Change, ClaudeCalls, Finding, Part, Plan
from turbo_installer.checks import Check, check_by_trial
from turbo_installer.claude_program import find_claude
from turbo_installer.errors import CannotWrite, ClaudeRefused, ConcurrentChange
from turbo_installer.lock import installer_lock
from turbo_installer.notes import forget, remember
from turbo_installer.outcome import Outcome
from turbo_installer.places import find_places
from turbo_installer.plan import Planner, plan_install, plan_uninstall
from turbo_installer.program import REINSTALL, find_program, lies_in_a_cache, why_not_runnable
from turbo_installer.record import digest
from turbo_installer.slash_commands import shipped_commands
from turbo_installer.state import Setting, missing_folders, read_state

ROUNDS = 12


def install(*, dry_run: bool = False) -> Outcome:
    program = find_program()
    setting = Setting("install", find_places(), shipped_commands(), program, find_claude())
    run = _Run(setting, findings=_findings_about(program))
    if any(finding.problem for finding in run.findings):
        run.skip(Part.SERVER)
    if dry_run:
        return run.rehearse(plan_install)
    made = missing_folders(setting.places.notes)
    with installer_lock(setting.places.notes):
        plan = run.settle(plan_install, made_folders=made)
        as_left = run.server_file_is_as_left()
        checks = check_by_trial(run.claude_to_ask(), plan)
        if as_left:
            run.seal()
    return run.outcome(plan, checks=tuple(checks))


def uninstall(*, dry_run: bool = False) -> Outcome:
    setting = Setting("uninstall", find_places(), shipped_commands(), claude=find_claude())
    run = _Run(setting)
    if dry_run:
        return run.rehearse(plan_uninstall)
    made = missing_folders(setting.places.notes)
    with installer_lock(setting.places.notes):
        plan = run.settle(plan_uninstall)
        outcome = run.outcome(plan)
        if outcome.ok:
            forget(setting.places, (*made, *map(Path, plan.record.folders)))
    return outcome


def _findings_about(program: str) -> list[Finding]:
    reason = why_not_runnable(program)
    if reason:
        message = f"{program} does not run: {reason}. It was not registered."
        return [Finding(Part.SERVER, problem=True, message=message, remedy=REINSTALL)]
    if lies_in_a_cache(program):
        message = f"{program} lies in a cache, which may be emptied at any time."
        return [Finding(Part.SERVER, problem=False, message=message, remedy=REINSTALL)]
    return []


@dataclass
class _Run:
    setting: Setting
    done: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def rehearse(self, planner: Planner) -> Outcome:
        plan = planner(read_state(self.setting))
        return replace(self.outcome(plan), dry_run=True, changes=plan.changes)

    def settle(self, planner: Planner, made_folders: tuple[Path, ...] = ()) -> Plan:
        """Installing remembers first and acts then, removing acts first: so a kill in between loses no knowledge."""
        places = self.setting.places
        remove_leftovers((places.claude_json, places.settings, places.commands / "any", places.record))
        for _ in range(ROUNDS):
            state = read_state(self.setting)
            plan = planner(state)
            if not plan.changes:
                return plan
            record = plan.record.with_made((), tuple(map(str, made_folders)))
            if planner is plan_install:
                remember(places, record)
            complete = self._apply_all(plan)
            if planner is not plan_install and complete and state.recorded:
                remember(places, record)
        raise ConcurrentChange(
            f"Other programs keep changing the files in {places.folder}.",
            f"Close open Claude Code sessions, then run `turbo-client {self.setting.verb}` again.",
        )

    def _apply_all(self, plan: Plan) -> bool:
        """Whether every change was made. A change that is refused takes its part out of the next round's plan."""
        needed = plan.record.server.original if plan.record.server else None
        for change in plan.changes:
            try:
                apply_change(change, self.setting.places, self.setting.claude, needed)
            except ConcurrentChange:
                return False
            except ClaudeRefused as refusal:
                self._go_on_without_claude(refusal)
                return False
            except CannotWrite as refusal:
                self.findings.append(Finding(change.part, problem=True, message=refusal.message, remedy=refusal.remedy))
                self.skip(change.part)
                return False
            self.done.append(change)
        self.findings.extend(finding for finding in plan.findings if not finding.problem)
        return True

    def skip(self, part: Part) -> None:
        self.setting = replace(self.setting, skipped=self.setting.skipped | {part})

    def _go_on_without_claude(self, refusal: ClaudeRefused) -> None:
        message = f"{refusal.message} Its file was edited directly instead."
        self.findings.append(Finding(Part.SERVER, problem=False, message=message, remedy=refusal.remedy))
        self.setting = replace(self.setting, claude=None)

    def claude_to_ask(self) -> str | None:
        """Not after a failure of the server's part: the reason is known by then."""
        return None if Part.SERVER in self.setting.skipped else find_claude()

    def server_file_is_as_left(self) -> bool:
        """Whether nothing but `claude`, called by us, has written the file since it was first found."""
        state = read_state(self.setting)
        server, data = state.record.server, state.files[self.setting.places.claude_json]
        if server is None or data is None or not (server.from_nothing or state.original is not None):
            return False
        called = any(isinstance(change, ClaudeCalls) for change in self.done)
        return (called or server.left == digest(data)) and claude_code.only_grew(state.original, data)

    def seal(self) -> None:
        """Note the digest of the file once `claude`, asked for the proof, has added what it adds by itself."""
        state = read_state(self.setting)
        server, data = state.record.server, state.files[self.setting.places.claude_json]
        if server and data is not None and claude_code.only_grew(state.original, data):
            remember(self.setting.places, replace(state.record, server=replace(server, left=digest(data))))

    def outcome(self, plan: Plan, checks: tuple[Check, ...] = ()) -> Outcome:
        findings = tuple(dict.fromkeys((*self.findings, *plan.findings)))
        setting = self.setting
        return Outcome(setting.verb, setting.places, tuple(self.done), findings, checks)
