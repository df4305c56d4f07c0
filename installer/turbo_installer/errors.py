"""What can stop the installer as a whole.

InstallerError
├── ConcurrentChange   a file changed between reading and writing: read again, plan again
├── CannotWrite        the operating system refused
├── ClaudeRefused      the `claude` program failed: its file is then edited without it
└── AnotherRun         another installer is at work

What concerns one part only (a file that does not parse) is a `changes.Finding`, and the other parts go on.
"""


class InstallerError(Exception):
    """`remedy` says what to do next."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ConcurrentChange(InstallerError):
    pass


class CannotWrite(InstallerError):
    pass


class ClaudeRefused(InstallerError):
    pass


class AnotherRun(InstallerError):
    pass
