"""The commands of flyctl that we name, with their flags, from its own reference: flyctl itself wants an account.

A number after a command: the words that must follow it. `None` after a flag: it stands alone, or as `--flag=value`.
"""

import re
import shlex

APP = {"--app": str, "-a": str}
CONFIG = {**APP, "--config": str, "-c": str}
CONSOLE = {**CONFIG, "--command": str, "-C": str, "--user": str, "-u": str, "--machine": str}

COMMANDS: dict[str, tuple[int, dict[str, type[str] | None]]] = {
    "auth login": (0, {}),
    "apps create": (1, {"--org": str, "-o": str}),
    "apps destroy": (1, {"--yes": None}),
    "certs add": (1, CONFIG),
    "certs check": (1, CONFIG),
    "certs setup": (1, CONFIG),
    "checks list": (0, CONFIG),
    "config validate": (0, {**CONFIG, "--strict": None}),
    "deploy": (
        0,
        {**CONFIG, "--ha": None, "--image": str, "--image-label": str, "--primary-region": str, "--strategy": str},
    ),
    "logs": (0, {**CONFIG, "--no-tail": None}),
    "machine list": (0, CONFIG),
    "machine start": (1, CONFIG),
    "mpg attach": (1, {**CONFIG, "--database": str, "--username": str, "--variable-name": str}),
    "mpg backup create": (1, {"--type": str}),
    "mpg backup list": (1, {}),
    "mpg create": (
        0,
        {"--name": str, "--org": str, "--region": str, "--plan": str, "--volume-size": str, "--pg-major-version": str},
    ),
    "mpg destroy": (1, {"--yes": None}),
    "mpg list": (0, {"--org": str}),
    "postgres attach": (1, {**CONFIG, "--database-name": str, "--superuser": None}),
    "postgres create": (
        0,
        {
            "--name": str, "--org": str, "--region": str, "--initial-cluster-size": str, "--vm-size": str,
            "--volume-size": str, "--enable-backups": None, "--autostart": None,
        },
    ),
    "releases": (0, {**CONFIG, "--image": None}),
    "scale count": (1, {**CONFIG, "--region": str, "--yes": None}),
    "secrets import": (0, {**CONFIG, "--stage": None}),
    "secrets list": (0, CONFIG),
    "ssh console": (0, CONSOLE),
    "ssh sftp get": (2, CONSOLE),
    "ssh sftp put": (2, CONSOLE),
    "status": (0, CONFIG),
    "volumes create": (
        1,
        {
            **CONFIG, "--region": str, "--size": str, "--snapshot-id": str, "--snapshot-retention": str, "--yes": None,
            "--scheduled-snapshots": None,
        },
    ),
    "volumes list": (0, CONFIG),
    "volumes snapshots create": (1, APP),
    "volumes snapshots list": (1, APP),
}  # fmt: skip


def commands(text: str) -> list[list[str]]:
    """Every `fly ...` of a shell text: at the start of a line, after a pipe or after `&&`."""
    joined = re.sub(r"\\\n\s*", "", text)
    found = re.findall(r"(?:^|\||&&)[ \t]*(fly (?:\"[^\"]*\"|'[^']*'|[^|#\n\"'])+)", joined, re.MULTILINE)
    return [shlex.split(command)[1:] for command in found]


def mistakes(words: list[str]) -> list[str]:
    """What flyctl would not understand of a command."""
    name = next(
        (name for name in sorted(COMMANDS, key=len, reverse=True) if words[: len(name.split())] == name.split()), None
    )
    if name is None:
        return [f"there is no command fly {' '.join(words)}"]
    wanted, flags = COMMANDS[name]
    given, wrong, rest = 0, [], words[len(name.split()) :]
    while rest:
        word, *rest = rest
        flag, equals, _ = word.partition("=")
        if not word.startswith("-"):
            given += 1
        elif flag not in flags:
            wrong.append(f"fly {name} has no flag {flag}")
        elif flags[flag] is str and not equals:
            wrong += [f"fly {name} {flag} wants a value"] if not rest or rest[0].startswith("-") else []
            rest = rest[1:]
    return wrong if given == wanted else [*wrong, f"fly {name} wants {wanted} words, not {given}"]
