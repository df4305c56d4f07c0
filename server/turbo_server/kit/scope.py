"""What a key may do: each scope includes the ones before it."""

from enum import StrEnum


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        return _ORDER.index(self) >= _ORDER.index(other)

    def within(self, most: "Scope") -> "Scope":
        """The lesser of the two."""
        return self if most.includes(self) else most


_ORDER = tuple(Scope)
