"""What a key may do: each scope includes the ones before it."""

from enum import StrEnum


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        return _ORDER.index(self) >= _ORDER.index(other)


_ORDER = tuple(Scope)
