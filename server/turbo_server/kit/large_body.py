"""Which bodies may be larger than others; apart from tool.py, so that it can be read without pydantic."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LargeBody:
    """One that may be larger than others: such come one at a time, and only from who may call the verb. `hint` says
    where one goes that is larger still."""

    most_bytes: int
    hint: str


FILE_BYTES = 6 * 1024 * 1024  # of a file to import
FILE_CHARACTERS = FILE_BYTES // 3 * 4 + 4  # of it in base64
FILE = LargeBody(
    FILE_CHARACTERS + 64 * 1024,
    f"A file may have {FILE_BYTES // 1024**2} MiB here. Split it, or import it on the server: `turbo-server import` "
    "takes files of any size.",
)
FILE_ADDRESS = "/v1/imports"
