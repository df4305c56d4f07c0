"""What a project looks like to a caller."""

from turbo_server.kit.errors import Conflict, NotFound, closest
from turbo_server.kit.schema import Listing, Moment, Result

RESERVED_KEYS = frozenset({"DEC", "ASK", "LOCAL"})  # prefixes of keys that are no issue's


class Project(Result):
    key: str
    name: str
    description: str | None = None
    open: int
    done: int
    updated_at: Moment


class ProjectList(Listing):
    items: list[Project]


class ProjectReceipt(Result):
    key: str
    name: str
    version: int = 1
    created: bool = True
    url: str | None = None


class ProjectChanged(Result):
    """`changed` are the fields that are different now."""

    key: str
    name: str
    version: int
    changed: list[str]


class ProjectNotFound(NotFound):
    code = "project_not_found"

    def __init__(self, key: str, known: list[str]) -> None:
        shown = ", ".join(known[:20])
        guess = closest(key, known) or (f"Projects: {shown}." if known else "There is no project yet.")
        super().__init__(f"There is no project {key}.", f"{guess} list_projects shows them, create_project makes one.")


class ProjectKeyKept(Conflict):
    code = "project_key_kept"

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is kept for other items.", "Choose another project key.")


class ProjectKeyTaken(Conflict):
    code = "project_key_taken"

    def __init__(self, key: str, name: str) -> None:
        super().__init__(
            f"{key} is the key of the project {name!r} already.", "Choose another key, or use that project."
        )
