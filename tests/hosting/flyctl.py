"""The commands of flyctl that we name, with their flags, from its own reference: flyctl itself wants an account.

A number after a command: the words that must follow it. False after a flag: it stands alone, or as `--flag=value`.
"""

import re
import shlex

APP = {"--app": True, "-a": True}
CONFIG = {**APP, "--config": True, "-c": True}
CONSOLE = {**CONFIG, "--command": True, "-C": True, "--user": True, "-u": True, "--machine": True}

COMMANDS: dict[str, tuple[int, dict[str, bool]]] = {
    "auth login": (0, {}),
    "apps create": (1, {"--org": True, "-o": True}),
    "apps destroy": (1, {"--yes": False}),
    "certs add": (1, CONFIG),
    "certs check": (1, CONFIG),
    "certs setup": (1, CONFIG),
    "checks list": (0, CONFIG),
    "config validate": (0, {**CONFIG, "--strict": False}),
    "deploy": (
        0,
        {
            **CONFIG, "--env": True, "-e": True, "--ha": False, "--image": True, "--image-label": True,
            "--primary-region": True, "--strategy": True,
        },
    ),
    "ips allocate-v6": (0, {**CONFIG, "--private": False, "--org": True, "--region": True}),
    "ips list": (0, CONFIG),
    "ips release": (1, CONFIG),
    "logs": (0, {**CONFIG, "--no-tail": False}),
    "machine list": (0, CONFIG),
    "machine start": (1, CONFIG),
    "mpg attach": (1, {**CONFIG, "--database": True, "--username": True, "--variable-name": True}),
    "mpg backup create": (1, {"--type": True}),
    "mpg backup list": (1, {}),
    "mpg create": (
        0,
        {"--name": True, "--org": True, "--region": True, "--plan": True, "--volume-size": True},
    ),
    "mpg destroy": (1, {"--yes": False}),
    "mpg list": (0, {"--org": True}),
    "postgres attach": (1, {**CONFIG, "--database-name": True, "--superuser": False}),
    "postgres create": (
        0,
        {
            "--name": True, "--org": True, "--region": True, "--initial-cluster-size": True, "--vm-size": True,
            "--volume-size": True, "--enable-backups": False, "--autostart": False,
        },
    ),
    "releases": (0, {**CONFIG, "--image": False}),
    "scale count": (1, {**CONFIG, "--region": True, "--yes": False}),
    "scale memory": (1, CONFIG),
    "scale vm": (1, {**CONFIG, "--vm-memory": True}),
    "secrets import": (0, {**CONFIG, "--stage": False}),
    "secrets list": (0, CONFIG),
    "ssh console": (0, CONSOLE),
    "ssh sftp get": (2, CONSOLE),
    "ssh sftp put": (2, CONSOLE),
    "status": (0, CONFIG),
    "volumes create": (
        1,
        {
            **CONFIG, "--region": True, "--size": True, "--snapshot-id": True, "--snapshot-retention": True,
            "--yes": False, "--scheduled-snapshots": False,
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
        elif flags[flag] and not equals:
            wrong += [f"fly {name} {flag} wants a value"] if not rest or rest[0].startswith("-") else []
            rest = rest[1:]
    return wrong if given == wanted else [*wrong, f"fly {name} wants {wanted} words, not {given}"]
