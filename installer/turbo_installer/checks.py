"""Questions to this machine whether Claude Code has Turbo and can use it; nothing is changed by asking."""

from dataclasses import dataclass

from turbo_installer.changes import Part, Plan
from turbo_installer.claude_program import INSTALL_PAGE, find_claude, find_invalid_settings, run_claude, try_connection
from turbo_installer.errors import InstallerError
from turbo_installer.places import find_places
from turbo_installer.plan import plan_install
from turbo_installer.program import find_program, why_not_runnable
from turbo_installer.slash_commands import shipped_commands
from turbo_installer.state import Setting, read_state

TITLES = {Part.SERVER: "registered", Part.PERMISSION: "permission", Part.COMMANDS: "slash commands"}
REPAIR = "Run `turbo-client install`."


@dataclass(frozen=True)
class Check:
    """`ok` is None for what could not be tried or is only worth knowing."""

    name: str
    ok: bool | None
    detail: str
    remedy: str | None


def check_claude_code() -> list[Check]:
    try:
        places = find_places()
        setting = Setting("install", places, shipped_commands(), find_program(), find_claude())
    except InstallerError as error:
        return [Check("installation", ok=False, detail=error.message, remedy=error.remedy)]
    plan = plan_install(read_state(setting))
    return [
        _check_claude(setting.claude),
        _check_program(setting.program),
        *(_check_part(plan, part) for part in Part),
        *_worth_knowing(plan),
        *check_by_trial(setting.claude, plan),
    ]


def check_by_trial(claude: str | None, plan: Plan) -> list[Check]:
    """`claude` itself is asked, unless its file is broken: it would only make copies of the broken file."""
    broken = any(finding.part is Part.SERVER and finding.problem for finding in plan.findings)
    if claude is None or broken:
        why = "Claude Code was not found" if claude is None else "Claude Code's configuration is not valid"
        return [Check("connection", ok=None, detail=f"not tried: {why}", remedy=None)]
    return [_check_connection(claude), _check_settings(claude)]


def _check_claude(claude: str | None) -> Check:
    if claude is None:
        return Check("Claude Code", ok=None, detail="not found on PATH", remedy=f"Install it: {INSTALL_PAGE}")
    answer = run_claude(claude, ("--version",))
    remedy = None if answer.ok else f"Install it again: {INSTALL_PAGE}"
    return Check("Claude Code", answer.ok, answer.last_line, remedy)


def _check_program(program: str | None) -> Check:
    reason = why_not_runnable(program or "")
    if reason:
        return Check("turbo-client", ok=False, detail=f"{program} does not run: {reason}", remedy="Install it again.")
    return Check("turbo-client", ok=True, detail=f"{program} runs", remedy=None)


def _check_part(plan: Plan, part: Part) -> Check:
    problems = [finding for finding in plan.findings if finding.part is part and finding.problem]
    if problems:
        return Check(TITLES[part], ok=False, detail=problems[0].message, remedy=problems[0].remedy)
    missing = [change.summary for change in plan.changes if change.part is part]
    if missing:
        return Check(TITLES[part], ok=False, detail=f"to do: {'; '.join(missing)}", remedy=REPAIR)
    return Check(TITLES[part], ok=True, detail="as installed", remedy=None)


def _worth_knowing(plan: Plan) -> list[Check]:
    return [
        Check(TITLES[finding.part], ok=None, detail=finding.message, remedy=finding.remedy)
        for finding in plan.findings
        if not finding.problem
    ]


def _check_connection(claude: str) -> Check:
    found = try_connection(claude)
    if not found.connected:
        detail = f"`claude mcp get turbo`: {found.reason}"
        return Check("connection", ok=False, detail=detail, remedy="Run `turbo-client doctor`.")
    if not found.scope.startswith("User"):
        return Check(
            "connection",
            ok=None,
            detail=f"in this folder another server named turbo comes first: {found.scope}",
            remedy="Remove that one with `claude mcp remove turbo` if it is not meant.",
        )
    return Check("connection", ok=True, detail="`claude mcp get turbo`: Connected", remedy=None)


def _check_settings(claude: str) -> Check:
    answer = find_invalid_settings(claude)
    if not answer.ok:
        return Check("settings", ok=None, detail=f"`claude doctor`: {answer.last_line}", remedy=None)
    if answer.text:
        first = answer.text.splitlines()[0].removeprefix("- ")
        remedy = "Correct it: until then Claude Code drops that file or that part of it."
        return Check("settings", ok=False, detail=f"`claude doctor`: {first}", remedy=remedy)
    return Check("settings", ok=True, detail="`claude doctor` finds no invalid settings", remedy=None)
