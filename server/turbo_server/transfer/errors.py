"""What stops an export or import. Nothing has been changed then.

TransferFailed
├── BadFile          an export, at a line of it
├── TooManyRecords   of a file that comes in through the web page
├── Damaged          a backup (backup.py)
└── NotEmpty         a target that holds something (move.py)
"""


class TransferFailed(Exception):
    """One sentence on what is wrong, and one on what to do next."""


class BadFile(TransferFailed):
    def __init__(self, place: str | int, wrong: str, advice: str = "") -> None:
        where = f"Line {place}" if isinstance(place, int) else place
        super().__init__(f"{where}: {wrong}.{f' {advice}' if advice else ''}")


class TooManyRecords(TransferFailed):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"The file holds more than {most} items, comments and entries, which is the most that is imported at once."
            " Split it, or import it on the server: `turbo-server import` takes files of any size."
        )
