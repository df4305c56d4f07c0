"""How keys are written of what has a page of its own; apart from keys.py, so that it can be read without pydantic."""

NUMBERED = r"([A-Z][A-Z0-9]{1,9})-([IMD]?)([1-9][0-9]{0,8})"
HANDLE = r"@[A-Z][A-Z0-9-]{1,30}"
