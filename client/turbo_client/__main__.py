"""Where `turbo-client` begins: the MCP server by the shortest way, everything else through the dispatcher."""

import sys

from turbo_client.redaction import guard_stderr

NOBODY_READS = 141  # as a shell tells of SIGPIPE


def main() -> int | str | None:
    guard_stderr()
    if sys.argv[1:] == ["serve"]:
        # Start-up time is the point: Claude Code sends its first request without the tools of a slow server.
        from turbo_client.stdio import serve

        return serve()
    try:
        from turbo_client.cli import run

        try:
            status: int | str | None = run(sys.argv[1:])
        except SystemExit as leaving:  # argparse, which has printed its help or what is wrong
            status = leaving.code
        sys.stdout.flush()
    except BrokenPipeError:  # `turbo-client tools | head -1`: nothing to complain of, nor for Python at its end
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
