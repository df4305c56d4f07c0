"""Makes a draft's fields what the tools take, and says of each what had to go."""

from collections.abc import Callable

from turbo_server.kit.fields import FIELD_LIMIT

from .drafts import Draft

TITLE, LINE, LABEL = 300, 300, 50
LABELS, CRITERIA, BLOCKERS = 20, 50, 50
FOOTER_ROOM = 1_000
LONG = ("description", "text", "context", "outcome", "reason", "impact")
Told = Callable[[str, str], None]


def fitted(draft: Draft, source: str, tell: Told) -> dict[str, object] | None:
    """The arguments of the tool, without references and people; None when there is no title to make an item of."""
    fields = {name: _storable(name, value, tell) for name, value in draft.fields.items() if value not in (None, "")}
    title = " ".join(str(fields.get("title", "")).split())
    if not title:
        tell("title", "is empty: the record was not taken")
        return None
    fields["title"] = title
    long_name = "text" if draft.kind == "document" else "context" if draft.kind == "decision" else "description"
    if len(title) > TITLE:
        tell("title", f"is over {TITLE} characters: cut, and kept in full in the {long_name}")
        fields["title"] = title[: TITLE - 1] + "…"
        fields[long_name] = f"{title}\n\n{fields.get(long_name, '')}"
    for name in LONG:
        if isinstance(value := fields.get(name), str):
            fields[name] = short_enough(name, value, tell)
    if draft.kind != "document":  # a document stays as it is, byte for byte
        fields[long_name] = f"{fields.get(long_name, '')}\n\n{footer(draft, source)}".lstrip("\n")
    else:
        fields.setdefault("text", "")
    _fit_lists(fields, tell)
    return fields


def footer(draft: Draft, source: str) -> str:
    """Where it comes from, in a line that stays with the text."""
    told = f"Imported from {source} {draft.origin}"
    if draft.created:
        told += f", created {draft.created:%Y-%m-%d}"
    if draft.author:
        told += f" by {draft.author}" if draft.created else f", by {draft.author}"
    if draft.closed:
        told += f", closed {draft.closed:%Y-%m-%d}"
    told += f" ({draft.address})." if draft.address else "."
    links = ", ".join(f"{relation} {origin}" for relation, origin in draft.relations)
    return cleaned(f"{told} There it {links}." if links else told)


def cleaned(text: str) -> str:
    """Without what no database stores: NUL characters, and halves of character pairs that JSON can smuggle in."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _storable(name: str, value: object, tell: Told) -> object:
    if isinstance(value, str) and (clean := cleaned(value)) != value:
        tell(name, "held characters that cannot be stored: taken out")
        return clean
    return value


def short_enough(name: str, value: str, tell: Told) -> str:
    limit = FIELD_LIMIT - FOOTER_ROOM
    encoded = value.encode()
    if len(encoded) <= limit:
        return value
    tell(name, f"is over {FIELD_LIMIT // 1024} KiB: cut")
    return encoded[:limit].decode(errors="ignore")


def _fit_lists(fields: dict[str, object], tell: Told) -> None:
    for name, most, longest in (("labels", LABELS, LABEL), ("criteria", CRITERIA, LINE)):
        given = fields.get(name)
        if not isinstance(given, (list, tuple)):
            continue
        lines = [line for entry in given if (line := " ".join(cleaned(str(entry)).split()))]
        short = [line for line in dict.fromkeys(lines) if len(line) <= longest]
        if len(short) < len(dict.fromkeys(lines)):
            tell(name, f"some are over {longest} characters: left out")
        if len(short) > most:
            tell(name, f"are more than {most}: the rest was left out")
        fields[name] = short[:most]
