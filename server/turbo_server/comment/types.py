"""What a comment looks like to a caller."""

from turbo_server.kit.schema import Moment, Result


class Comment(Result):
    """`machine` and `session` tell which of the author's machines and agent sessions wrote it."""

    author: str
    machine: str | None = None
    session: str | None = None
    at: Moment
    text: str
