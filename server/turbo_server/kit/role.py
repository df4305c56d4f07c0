"""What a person may do in a workspace: each role includes the ones before it."""

from enum import StrEnum

from .scope import Scope


class Role(StrEnum):
    VIEWER = "viewer"
    MEMBER = "member"
    OWNER = "owner"

    @property
    def scope(self) -> Scope:
        """The most that a key of such a person can do, whatever it was made for."""
        return _SCOPES[self]


_SCOPES = {Role.VIEWER: Scope.READ, Role.MEMBER: Scope.WRITE, Role.OWNER: Scope.ADMIN}
