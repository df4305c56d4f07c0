"""How the keys of items are written that have a page; apart from keys.py, so that it can be read without pydantic."""

NUMBERED = r"([A-Z][A-Z0-9]{1,9})-([IMD]?)([1-9][0-9]{0,8})"
HANDLE = r"@[A-Z][A-Z0-9-]{1,30}"  # of a mentor
