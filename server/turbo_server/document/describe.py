"""A document in full, one section of it, or what it was: as get_item shows it."""

from typing import Any

from turbo_server.item.types import Item
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Description, Found, View
from turbo_server.kit.text import clip_bytes

from . import store
from .diff import unified
from .outline import Section, sections
from .outline_shown import outline
from .sections import find_section, label
from .types import Version, VersionNotFound

PARTS = frozenset({"section", "version", "outline", "versions", "diff"})
ROOM = 12_000  # bytes of JSON for outline, versions and diff together
SHOWN_VERSIONS = 20
TEXT_BESIDE = 2_000  # characters of a section beside its outline
PLAIN = ("project", "status", "created_by", "machine", "session", "created_at", "updated_at", "archived_at")


async def describe_document(context: Context, found: Found, view: View) -> Description:
    """Raises VersionNotFound, SectionNotFound, SectionAmbiguous."""
    row = await store.whole(context.db, context.actor.workspace_id, found.id)
    assert row is not None  # noqa: S101 - just found
    shown = await _version(context, found, row, view.version)
    text: str = shown["text"]
    all_sections = sections(text) if view.section or "outline" in view.include else []
    section = find_section(found.key, all_sections, view.section) if view.section else None
    asked = view.include & {"outline", "versions", "diff"}
    parts, left_out = await _parts(context, found, (row, shown), view, (all_sections, section))
    item = Item(
        key=found.key,
        kind="document",
        title=shown["title"],
        section=label(section) if section else None,
        version=shown["version"],
        current_version=row["version"] if shown["version"] != row["version"] else None,
        characters=shown["characters"],
        left_out=" ".join(left_out) or None,
        **{name: row[name] for name in PLAIN},
        **parts,
    )
    return Description(
        item,
        text[section.start : section.end] if section else None if asked else text,
        text_field="text",
        reading=_reading(view, section),
        room=TEXT_BESIDE if asked else None,
    )


async def _version(context: Context, found: Found, row: Row, number: int | None) -> Row:
    if number is None or number == row["version"]:
        return row
    old = await store.version(context.db, context.actor.workspace_id, found.id, number)
    if old is None or number > row["version"]:
        raise VersionNotFound(found.key, number, row["version"])
    return old


def _reading(view: View, section: Section | None) -> str:
    """What get_item must be given again to go on with the same text."""
    words = f", section={section.number}" if section else ""
    return words + (f", version={view.version}" if view.version else "")


def _within(found: list[Section], section: Section | None) -> list[Section]:
    return [each for each in found if section is None or section.start <= each.start < section.end]


async def _parts(
    context: Context, found: Found, rows: tuple[Row, Row], view: View, split: tuple[list[Section], Section | None]
) -> tuple[dict[str, Any], list[str]]:
    """What was included, and sentences about what of it found no room."""
    parts: dict[str, Any] = {}
    left_out: list[str] = []
    room = ROOM // max(len(view.include & PARTS), 1)
    if "outline" in view.include:
        parts["outline"], cut = outline(found.key, _within(*split), room, _reading(view, split[1]), view.offset)
        left_out += [cut] if cut else []
    if "versions" in view.include:
        parts["versions"] = await _versions(context, found, room)
        if parts["versions"] and parts["versions"][-1].version > 1:
            left_out.append("Older versions: version=N reads any.")
    if "diff" in view.include:
        current, old = rows
        if view.version is None:
            old = await _text_before(context, found) or current
        parts["diff"], cut = _diff(found.key, old, current, room)
        left_out += [cut] if cut else []
    return parts, left_out


async def _versions(context: Context, found: Found, room: int) -> list[Version]:
    rows = await store.latest_versions(context.db, context.actor.workspace_id, found.id, SHOWN_VERSIONS)
    shown: list[Version] = []
    newer_title = found.title
    for row in rows:
        version = Version(
            version=row["version"],
            title=clip_bytes(row["title"], 80) if row["title"] != newer_title else None,
            author=clip_bytes(row["author"], 40),
            machine=clip_bytes(row["machine"], 40) if row["machine"] else None,
            session=clip_bytes(row["session"], 40) if row["session"] else None,
            at=row["created_at"],
            note=clip_bytes(row["note"], 120) if row["note"] else None,
            characters=row["characters"],
        )
        newer_title = row["title"]
        room -= len(version.as_json()) + 1
        if room < 0:
            break
        shown.append(version)
    return shown


async def _text_before(context: Context, found: Found) -> Row | None:
    """What the latest change of the text replaced."""
    rows = await store.latest_versions(context.db, context.actor.workspace_id, found.id, 2)
    if len(rows) < 2:
        return None
    return await store.version(context.db, context.actor.workspace_id, found.id, rows[1]["version"])


def _diff(key: str, old: Row, current: Row, room: int) -> tuple[str | None, str | None]:
    """From the version that was asked for to the current one; without one, what the latest version changed."""
    names = (f"{key} version {old['version']}", f"{key} version {current['version']}")
    lines = unified(old["text"], current["text"], names)
    whole = "\n".join(lines)
    text = clip_bytes(whole, room)
    if text == whole:
        return whole or None, None
    return text, f"The diff goes on: {text.count(chr(10)) + 1} of {len(lines)} lines are shown."
