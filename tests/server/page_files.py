"""A small export of the web page, what of it is answered, and what is not: at each door that serves it."""

import json
from pathlib import Path

HASH = f"sha256-{'A' * 43}="
FILES = {
    "index.html": "<h1>Today</h1>",
    "board.html": "<h1>Board</h1>",
    "board.txt": "board payload",
    "queue/index.html": "<h1>Queue</h1>",
    "item.html": "<h1>Item</h1>",
    "item.txt": "item payload",
    "item/__next.tree.txt": "item tree",
    "404.html": "<h1>Nothing here</h1>",
    "icon.svg": "<svg/>",
    "_next/static/chunks/app-0f3a.js": "run()",
    "_next/static/chunks/app-0f3a.js.gz": "packed by gzip",
    "_next/static/chunks/app-0f3a.js.br": "packed by brotli",
    "csp.json": json.dumps({"index.html": [HASH, "'unsafe-inline'", "x; script-src *"], "item.html": []}),
    ".secret": "hidden",
    ".git/config": "hidden",
}
FOUND = [
    ("/", "index.html"),
    ("/?saved=1", "index.html"),
    ("/board", "board.html"),
    ("/board/", "board.html"),
    ("/board.html", "board.html"),
    ("/board.txt?_rsc=1x", "board.txt"),
    ("/queue", "queue/index.html"),
    ("/queue/", "queue/index.html"),
    ("/TURBO-12", "item.html"),
    ("/turbo-12/", "item.html"),
    ("/DEC-3", "item.html"),
    ("/@architect", "item.html"),
    ("/%40Architect/", "item.html"),
    ("/TURBO-I2", "item.html"),
    ("/TURBO-12.txt?_rsc=1x", "item.txt"),
    ("/TURBO-12/__next.tree.txt", "item/__next.tree.txt"),
    ("/icon.svg", "icon.svg"),
    ("/_next/static/chunks/app-0f3a.js", "_next/static/chunks/app-0f3a.js"),
]
MISSING = [
    "/nowhere", "/csp.json", "/.secret", "/.git/config", "/../outside.html", "/%2e%2e/outside.html",
    "/..%2foutside.html", "/board/..%2f..%2foutside.html", "//etc/passwd", "/%2fetc/passwd", "/leads-out",
    "/leads-out.html", "/item/%00", "/TURBO-0", "/TURBO", "/TURBO-12/nothing", "/TURBO-12/../../outside.html",
    "/_next", "/_next/static", "/_next/static/chunks/app-0f3a.js.br", "/C:%5cwindows", "/board%0a", "/TURBO-12%0a",
    "//", "/@", "/@x/y",
]  # fmt: skip


def fill(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
