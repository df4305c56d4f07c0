"""The least Python that answers `initialize` and `tools/list` from a tool list on disk: `bare_loop.py CATALOGUE`."""

import json
import sys

INITIALIZED = b'{"jsonrpc":"2.0","id":%d,"result":%s}\n'
LISTED = b'{"jsonrpc":"2.0","id":%d,"result":{"tools":%s}}\n'


def main(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib would be a third of what is measured
        header = json.loads(file.readline())
        tools = file.readline().rstrip(b"\n")
    hello = {
        "protocolVersion": "2025-11-25",
        "capabilities": {"tools": {"listChanged": True}},
        "serverInfo": {"name": "bare", "version": "1"},
        "instructions": header["instructions"],
    }
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if message["method"] == "initialize":
            sys.stdout.buffer.write(INITIALIZED % (message["id"], json.dumps(hello).encode()))
        elif message["method"] == "tools/list":
            sys.stdout.buffer.write(LISTED % (message["id"], tools))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
