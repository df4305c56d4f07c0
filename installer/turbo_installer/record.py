"""What an installation put in, remembered so that `uninstall` takes out exactly that."""

import json
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any, Self

VERSION = 1


@dataclass(frozen=True)
class ServerRecord:
    """`replaced` is the JSON text of an entry of someone else's that stood in our place.

    `original` names the backup of the file before `claude` rewrote it (or `from_nothing`: there was none), and `left`
    is the digest of the file as we left it: while it still has that digest nobody has touched it, and what was there
    before can be put back byte for byte.
    """

    created: bool = False
    replaced: str | None = None
    original: str | None = None
    from_nothing: bool = False
    left: str | None = None


@dataclass(frozen=True)
class PermissionRecord:
    """`created` are the paths of the containers that did not exist before."""

    created: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Record:
    """`files` and `folders` did not exist before; `commands` maps a command file to the digest of what we wrote."""

    server: ServerRecord | None = None
    permission: PermissionRecord | None = None
    commands: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Record()

    def with_made(self, files: tuple[str, ...], folders: tuple[str, ...]) -> Self:
        return replace(
            self,
            files=tuple(dict.fromkeys(self.files + files)),
            folders=tuple(dict.fromkeys(self.folders + folders)),
        )

    def to_json(self) -> bytes:
        return json.dumps({"version": VERSION, **asdict(self)}, indent=2).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Raises ValueError for anything this version did not write itself."""
        try:
            return cls._from_fields(json.loads(data))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError("not a record of this version") from error

    @classmethod
    def _from_fields(cls, fields: dict[str, Any]) -> Self:
        if fields["version"] != VERSION:
            raise ValueError("not a record of this version")
        server, permission = fields["server"], fields["permission"]
        return cls(
            server=ServerRecord(**server) if server else None,
            permission=PermissionRecord(tuple(tuple(path) for path in permission["created"])) if permission else None,
            commands=dict(fields["commands"]),
            files=tuple(fields["files"]),
            folders=tuple(fields["folders"]),
        )


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()
