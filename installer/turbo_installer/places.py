"""Where Claude Code keeps its configuration, and where the installer keeps its own notes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from platformdirs import user_state_path

from turbo_installer.errors import InstallerError


@dataclass(frozen=True)
class Places:
    folder: Path
    claude_json: Path
    notes: Path

    @property
    def settings(self) -> Path:
        return self.folder / "settings.json"

    @property
    def commands(self) -> Path:
        return self.folder / "commands"

    @property
    def own_notes(self) -> Path:
        """One folder for each configuration folder: CLAUDE_CONFIG_DIR may name several on one machine."""
        return self.notes / sha256(os.fsencode(real_path(self.folder))).hexdigest()[:16]

    @property
    def record(self) -> Path:
        return self.own_notes / "record.json"

    @property
    def backups(self) -> Path:
        return self.own_notes / "backups"


def real_path(path: Path) -> Path:
    """Through all links. Path.resolve raises for a link that leads to itself; here opening the file says so."""
    return Path(os.path.realpath(path))


def find_places(environment: Mapping[str, str] = os.environ) -> Places:
    """Claude Code reads CLAUDE_CONFIG_DIR as it stands: relative to whatever folder it is started in, without `~`."""
    home = Path.home()
    chosen = environment.get("CLAUDE_CONFIG_DIR")
    if chosen is not None and not Path(chosen).is_absolute():
        raise InstallerError(
            f'CLAUDE_CONFIG_DIR is "{chosen}", which is not an absolute path: '
            "Claude Code would look for it in whatever folder it is started in.",
            "Set CLAUDE_CONFIG_DIR to a full path or unset it, then run the command again.",
        )
    folder = Path(chosen) if chosen else home / ".claude"
    # Where an old release left this file, today's Claude Code reads it instead of .claude.json and says so.
    old = folder / ".config.json"
    claude_json = old if old.exists() else (folder if chosen else home) / ".claude.json"
    return Places(folder, claude_json, user_state_path("turbo", appauthor=False) / "installer")
