"""Keeps an answer that somebody's own model gave."""

from turbo_server.kit.context import Context

from .conversation.state import found_conversation, require_conversation
from .conversation.turns import answer
from .keys import keys_in
from .types import RecordedAnswer


async def record(context: Context, key: str, text: str, turn: int | None, model: str | None) -> RecordedAnswer:
    row = await require_conversation(context, key)
    found = found_conversation(row)
    cited = keys_in(text)
    kept = await answer(context, found, turn, text, model=model, cited=cited)
    return RecordedAnswer(
        key=found.key,
        mentor=f"@{row['mentor']}",
        turn=kept["number"],
        state="done",
        cited=cited or None,
        url=context.page_of(found.key),
    )
