"""What a run did and what is to be said about it."""

from dataclasses import dataclass

from turbo_installer.changes import Change, Finding
from turbo_installer.checks import Check
from turbo_installer.places import Places


@dataclass(frozen=True)
class Outcome:
    verb: str
    places: Places
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] = ()
    dry_run: bool = False

    @property
    def ok(self) -> bool:
        return not any(finding.problem for finding in self.findings) and not any(
            check.ok is False for check in self.checks
        )

    @property
    def next_steps(self) -> tuple[str, ...]:
        if self.dry_run:
            return (f"Run `turbo-client {self.verb}` to make these changes.",) if self.changes else ()
        if not self.ok:
            return (f"Do what is said above, then run `turbo-client {self.verb}` again.",)
        if self.verb == "uninstall":
            return (
                "Restart open Claude Code sessions.",
                "`turbo-client logout` forgets the key as well.",
            )
        return (
            "Run `turbo-client login` if you have not logged in on this machine.",
            "Restart open Claude Code sessions, then type /turbo-status in one.",
        )
