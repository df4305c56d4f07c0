"""What a comment looks like to a caller."""

from turbo_server.kit.errors import NotFound
from turbo_server.kit.schema import Moment, Result


class Comment(Result):
    """`machine` and `session` tell which of the author's machines and agent sessions wrote it."""

    id: int
    reply_to: int | None = None
    author: str
    machine: str | None = None
    session: str | None = None
    at: Moment
    text: str


class CommentReceipt(Result):
    """`comments` counts all of the item's."""

    key: str
    id: int
    reply_to: int | None = None
    comments: int
    url: str | None = None


class CommentNotFound(NotFound):
    code = "comment_not_found"

    def __init__(self, comment_id: int, key: str) -> None:
        super().__init__(
            f"{key} has no comment {comment_id}.", f"get_item(key={key}, include=comments) shows the ids of the latest."
        )
