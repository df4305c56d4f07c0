"""Keeps note of what an answer was made from, for those who see less than the person who asked."""

from turbo_server.kit.database import Connection
from turbo_server.mentor.conversation import store as conversations

from .sources_store import projects_told_of


async def note_sources(db: Connection, workspace_id: int, conversation_id: int, text: str) -> None:
    told = await projects_told_of(db, workspace_id, text)
    await conversations.draw_from(db, conversation_id, told)
