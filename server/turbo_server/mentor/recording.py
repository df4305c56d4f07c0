"""Keeps an answer that somebody's own model gave."""

from turbo_server.kit.context import Context

from .answering.sources import note_sources
from .brief.store import resolve
from .conversation.state import found_conversation, require_conversation
from .conversation.turns import answer
from .keys import keys_in, without
from .types import RecordedAnswer

INVENTED = "Nothing here has the keys in `unknown`: if the answer relies on them, look again and record it corrected."


async def record(context: Context, key: str, text: str, turn: int | None, model: str | None) -> RecordedAnswer:
    row = await require_conversation(context, key)
    found = found_conversation(row)
    named = keys_in(text)
    known = await resolve(context.db, context.actor.workspace_id, named) if named else {}
    cited = [each for each in named if each in known]
    kept = await answer(context, found, turn, text, model=model, cited=cited)
    await note_sources(context.db, context.actor.workspace_id, found.id, text)
    unknown = without(named, known)
    return RecordedAnswer(
        key=found.key,
        mentor=f"@{row['mentor']}",
        turn=kept["number"],
        state="done",
        cited=cited or None,
        unknown=unknown or None,
        warning=INVENTED if unknown else None,
        url=context.page_of(found.key),
    )
