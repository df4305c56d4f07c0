"""What a database may do to a call, in words for the caller. Each says whether something may have been saved.

TurboError
└── DatabaseProblem          503
    ├── DatabaseUnavailable  it does not answer
    ├── DatabaseBusy         another transaction holds the same rows for long
    │   └── Contended        two transactions stood in each other's way: the call may be done again as a whole
    ├── ServerBusy           all connections are in use
    ├── CallTooLong          it took longer than any call may
    ├── OutcomeUnknown       it went away while it was saving: the only one after which something may be there
    ├── DatabaseFull         its disk is full
    ├── DatabaseReadOnly     it takes no writes
    ├── DatabaseDamaged      its file or a part of it cannot be read
    ├── DatabaseRefused      it does not let this server in
    ├── DatabaseNotMigrated  `turbo-server migrate` has not been run
    └── DatabaseTooNew       a newer turbo-server has migrated it, and this one cannot know what it needs to
"""

from .errors import TurboError


class DatabaseProblem(TurboError):
    """`wait`: in how many seconds it may be better. Without it, a person has to do something first."""

    status = 503
    wait: int | None = None
    says = ("", "")

    def __init__(self) -> None:
        super().__init__(*self.says)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.wait is None else {"Retry-After": str(self.wait)}


class DatabaseUnavailable(DatabaseProblem):
    code = "database_unavailable"
    wait = 2
    says = ("The database does not answer; nothing was saved.", "Try again in a few seconds.")


class DatabaseBusy(DatabaseProblem):
    code = "database_busy"
    wait = 1
    says = (
        "Something else has been changing the same data for seconds; nothing was saved.",
        "Try again in a few seconds.",
    )


class Contended(DatabaseBusy):
    """A deadlock or a serialisation failure: the database undid all of the transaction."""


class ServerBusy(DatabaseProblem):
    code = "server_busy"
    wait = 1
    says = ("Too many calls are being worked on at once; nothing was saved.", "Try again in a few seconds.")


class CallTooLong(DatabaseProblem):
    code = "call_too_long"
    wait = 5
    says = (
        "The database needed too long for this call; nothing was saved.",
        "Ask for less at a time (a filter, a smaller limit, fewer items), or try again in a few seconds.",
    )


class OutcomeUnknown(DatabaseProblem):
    code = "outcome_unknown"
    wait = 1
    says = (
        "The database went away while this was being saved: it may be saved or not.",
        "Send it again with the same Idempotency-Key: it is done once. Without one, look first whether it is there.",
    )


class DatabaseFull(DatabaseProblem):
    code = "database_full"
    says = (
        "The database's disk is full; nothing was saved.",
        "Reading goes on. Whoever runs the server has to free space; then try again.",
    )


class DatabaseReadOnly(DatabaseProblem):
    code = "database_read_only"
    wait = 5
    says = (
        "The database takes no writes at present; nothing was saved.",
        "Reading goes on. On the server, its file and folder must be writable, and DATABASE_URL must name the primary.",
    )


class DatabaseDamaged(DatabaseProblem):
    code = "database_damaged"
    says = (
        "The database's file is damaged or is no database; nothing was saved.",
        "Stop the server, keep a copy of the file, and restore the last backup.",
    )


class DatabaseRefused(DatabaseProblem):
    code = "database_refused"
    wait = 5
    says = (
        "The database does not let this server in: user, password or name of the database is wrong.",
        "Check DATABASE_URL on the server.",
    )


class DatabaseNotMigrated(DatabaseProblem):
    code = "database_not_migrated"

    def __init__(self, found: str | None = None, wanted: str | None = None) -> None:
        state = f"is at {found or 'nothing'}, this server needs {wanted}" if wanted else "lacks tables of this server"
        TurboError.__init__(self, f"The database {state}.", "Run `turbo-server migrate` on the server.")


class DatabaseTooNew(DatabaseProblem):
    """`oldest` is the oldest code that may still run on it, where that is known."""

    code = "database_too_new"

    def __init__(self, found: str, known: str, oldest: str | None = None) -> None:
        needs = f", and needs a turbo-server of {oldest} at least" if oldest and oldest > known else ""
        TurboError.__init__(
            self, f"The database is at {found}, this server only knows {known}{needs}.",
            "Install the newer turbo-server, or restore a backup from before it.",
        )  # fmt: skip
