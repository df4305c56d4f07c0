"""Where `turbo-client` begins: the MCP server by the shortest way, everything else through the dispatcher."""

import sys


def main() -> int:
    if sys.argv[1:] == ["serve"]:
        # Start-up time is the point: Claude Code sends its first request without the tools of a slow server.
        from turbo_client.stdio import serve

        return serve()
    from turbo_client.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
