"""A saved view as the page sees it, what its arguments take, and what can go wrong with one."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from turbo_server.kit.errors import Conflict, NotFound
from turbo_server.kit.fields import Line
from turbo_server.kit.schema import Result
from turbo_server.kit.text import clip

MOST_VIEWS = 100  # of one person
LONGEST_QUERY = 2_000
_PAGE = re.compile(r"[a-z][a-z-]{0,39}")


def _page(value: Any) -> Any:
    word = value.strip().strip("/").lower() if isinstance(value, str) else value
    if isinstance(word, str) and not _PAGE.fullmatch(word):
        raise PydanticCustomError("page", "is not the name of a page such as issues, board or activity")
    return word


def _query(value: Any) -> Any:
    text = value.strip().removeprefix("?") if isinstance(value, str) else value
    if isinstance(text, str) and len(text) > LONGEST_QUERY:
        raise PydanticCustomError("query", f"is over {LONGEST_QUERY} characters: take away some of its filters")
    if isinstance(text, str) and not all(" " < letter <= "~" for letter in text):
        raise PydanticCustomError("query", "is not the query of an address such as status=ready&project=WEB")
    return text


ViewName = Annotated[Line, Field(max_length=80, description="As it stands in the navigation")]
Page = Annotated[str, BeforeValidator(_page), Field(description="Which page it opens: issues, board, activity, ...")]
Query = Annotated[str, BeforeValidator(_query), Field(description="The filters, as they stand in the page's address")]
Shared = Annotated[bool, Field(description="Whether everybody in the workspace finds it")]


class SavedView(Result):
    """`person` made it; `mine`: that is who asks. With a project among its filters only those who see that find it."""

    id: int
    name: str
    page: str
    query: str
    shared: bool
    mine: bool
    person: str


class SavedViews(Result):
    """One's own in one's own order, then those of others by name."""

    items: list[SavedView]


class ViewDeleted(Result):
    id: int
    name: str


class ViewNotFound(NotFound):
    code = "view_not_found"

    def __init__(self, view_id: int) -> None:
        super().__init__(
            f"There is no saved view {view_id} that this key may see.", "`GET /v1/views` lists those that are there."
        )


class NotYourView(Conflict):
    code = "not_your_view"

    def __init__(self, name: str, person: str) -> None:
        super().__init__(
            f"The view {clip(name, 60)!r} is {person}'s.", "Save its filters under a name of your own, and change that."
        )


class ViewNameTaken(Conflict):
    code = "view_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"You have a view named {clip(name, 60)!r} already.",
            "Take another name, or change that one: POST /v1/views/change.",
        )


class TooManyViews(Conflict):
    code = "too_many_views"

    def __init__(self) -> None:
        super().__init__(
            f"You have {MOST_VIEWS} saved views, and that is the most.", "Delete some of them: DELETE /v1/views."
        )


class ViewOfSeveralProjects(Conflict):
    code = "view_of_several_projects"

    def __init__(self) -> None:
        super().__init__(
            "A view that is shared is of one project or of all, and this one names several.",
            "Keep it to yourself, or take filters away until one project is left.",
        )
