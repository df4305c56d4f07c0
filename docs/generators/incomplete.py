"""What a generator raises when the code has something that no page tells of yet."""


class Incomplete(Exception):
    """The text names what is missing, and the file and the table to write it into."""


def require_same(found: set[str], described: set[str], what: str, table: str) -> None:
    """Raises Incomplete for what the code has and the table lacks, and for what the table still has."""
    gaps = [f"{table} does not describe the {what} {name}" for name in sorted(found - described)]
    gaps += [f"{table} describes the {what} {name}, which the code no longer has" for name in sorted(described - found)]
    if gaps:
        raise Incomplete("; ".join(gaps) + ".")
