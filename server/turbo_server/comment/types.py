"""What a comment looks like to a caller."""

from turbo_server.kit.errors import NotFound
from turbo_server.kit.schema import Moment, Result


class Comment(Result):
    """`machine` and `session` tell which of the author's machines and agent sessions wrote it. What a mentor wrote is
    that mentor's (`@architect`), and `asked_by` is the person whose comment it answers."""

    id: int
    reply_to: int | None = None
    author: str
    asked_by: str | None = None
    machine: str | None = None
    session: str | None = None
    at: Moment
    text: str


class CommentReceipt(Result):
    """`comments` counts all of the item's; `mentors` says what comes of naming one."""

    key: str
    id: int
    reply_to: int | None = None
    comments: int
    mentors: str | None = None
    url: str | None = None


class CommentNotFound(NotFound):
    code = "comment_not_found"

    def __init__(self, comment_id: int, key: str) -> None:
        super().__init__(
            f"{key} has no comment {comment_id}.", f"get_item(key={key}, include=comments) shows the ids of the latest."
        )
