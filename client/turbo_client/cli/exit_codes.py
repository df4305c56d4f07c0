"""What the exit code of a command says, the same for every verb."""

from turbo_client.errors import (
    BadConfiguration,
    CallFailed,
    KeyRefused,
    NotLoggedIn,
    NotReached,
    OutcomeUnknown,
    TurboClientError,
    UsageError,
)

OK, REFUSED, USAGE, NOT_REACHED, UNKNOWN, NO_KEY = range(6)

EXPLAINED = """\
exit codes:
  0  done
  1  the server refused it, or a check failed; nothing was saved
  2  the command line or the configuration is wrong
  3  the server was not reached, or gave no answer to a question; nothing was saved
  4  it is unknown whether something was saved: look before you do it again
  5  there is no API key, or it is not accepted"""


def exit_code(error: TurboClientError) -> int:
    if isinstance(error, NotLoggedIn | KeyRefused):
        return NO_KEY
    if isinstance(error, UsageError | BadConfiguration):
        return USAGE
    if isinstance(error, NotReached) or (isinstance(error, OutcomeUnknown) and error.certain):
        return NOT_REACHED
    return REFUSED if not isinstance(error, CallFailed) or error.certain else UNKNOWN
