"""What the machine looks like now: read once, then planned upon without touching the disk again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from turbo_installer.backups import backup_path
from turbo_installer.changes import Part
from turbo_installer.places import Places, real_path
from turbo_installer.record import Record


@dataclass(frozen=True)
class Setting:
    """What does not change during a run; `skipped` parts are left out of every plan."""

    verb: str
    places: Places
    shipped: Mapping[str, bytes]
    program: str | None = None
    claude: str | None = None
    skipped: frozenset[Part] = frozenset()


@dataclass(frozen=True)
class State:
    """`recorded` is False when no readable record of an installation exists; `record` is then empty."""

    setting: Setting
    files: Mapping[Path, bytes | None]
    record: Record
    recorded: bool
    unreadable: Mapping[Path, str] = field(default_factory=dict)
    missing_folders: tuple[Path, ...] = ()
    empty_folders: tuple[Path, ...] = ()
    original: bytes | None = None

    @property
    def places(self) -> Places:
        return self.setting.places

    @property
    def again(self) -> str:
        return f"run `turbo-client {self.setting.verb}` again"


def read_state(setting: Setting) -> State:
    places = setting.places
    record = load_record(places)
    files: dict[Path, bytes | None] = {}
    unreadable: dict[Path, str] = {}
    names = sorted({*setting.shipped, *(record.commands if record else ())})
    for path in (places.claude_json, places.settings, *(places.commands / name for name in names)):
        try:
            files[path] = read_file(path)
        except OSError as error:
            files[path], unreadable[path] = None, (error.strerror or "unknown error").lower()
    return State(
        setting=setting,
        files=files,
        record=record or Record(),
        recorded=record is not None,
        unreadable=unreadable,
        missing_folders=missing_folders(real_path(places.commands)),
        empty_folders=tuple(path for path in map(Path, record.folders if record else ()) if _is_empty(path)),
        original=_read_original(places, record),
    )


def load_record(places: Places) -> Record | None:
    """A record that cannot be read counts as none: uninstall then takes out only what is plainly ours."""
    try:
        return Record.from_json(places.record.read_bytes())
    except (OSError, ValueError):
        return None


def read_file(path: Path) -> bytes | None:
    """None when there is no such file, a dangling link included."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def missing_folders(folder: Path) -> tuple[Path, ...]:
    """`folder` and its ancestors as far as they do not exist, outermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    return tuple(reversed(missing))


def _read_original(places: Places, record: Record | None) -> bytes | None:
    if record is None or record.server is None or record.server.original is None:
        return None
    try:
        return read_file(backup_path(places, record.server.original))
    except OSError:
        return None


def _is_empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except OSError:
        return False
