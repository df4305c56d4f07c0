"""Where `turbo-client` begins: the MCP server by the shortest way, everything else through the dispatcher."""

import sys

from turbo_client.redaction import guard_stderr


def main() -> int:
    guard_stderr()
    if sys.argv[1:] == ["serve"]:
        # Start-up time is the point: Claude Code sends its first request without the tools of a slow server.
        from turbo_client.stdio import serve

        return serve()
    from turbo_client.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
