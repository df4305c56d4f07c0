"""Readers of what other tools leave behind: each makes drafts of a file or folder, and writes nothing."""

from collections.abc import Callable

from turbo_server.transfer.drafts import Reading

from . import backlog, beads, comma, github, original, taskmaster

BRINGS_PROJECTS = "turbo"
READERS: dict[str, Callable[..., Reading]] = {  # of a path; those of one file take the most that they may read
    "beads": beads.read,
    "backlog": backlog.read,
    "taskmaster": taskmaster.read,
    "github": github.read,
    "csv": comma.read,
    BRINGS_PROJECTS: original.read,
}
