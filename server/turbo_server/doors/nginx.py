"""What frontend/nginx.conf has to know of the page and of this server: `-m turbo_server.doors.nginx PAGE TARGET`.

Written into TARGET: the files, a folder for each content coding; errors as this server words them; `site.conf`, tables
of addresses; `page.conf`, the headers of a file; `file.conf`, how large a file to import may be. With these nginx
answers what Pages does. It needs nothing but Python. What nginx could take for syntax stands in no table: such a name
is refused.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from turbo_server.kit.errors import BODY_LIMIT, NotFound, TooLarge, TurboError
from turbo_server.kit.key_form import HANDLE, NUMBERED
from turbo_server.kit.large_body import FILE

from . import page_rules as rules
from .export import FOR_GOOD, ITEM, OTHERWISE, PACKED, TYPES, Export, Exported

PLAIN = "plain"  # the folder of the files as they are
_NAME = re.compile(r"(?!~|(?:default|hostnames|include|volatile)\Z)[A-Za-z0-9._~@+=,()\[\]/-]+")
_REQUIRED = ("index.html", "404.html", f"{ITEM}.html")

# An empty one is not sent.
_FROM_TABLES = {
    "Content-Security-Policy": "$turbo_policy",
    "ETag": "$turbo_etag",
    "Cache-Control": "$turbo_caching",
    "Vary": "Accept-Encoding",
    "Content-Encoding": "$turbo_content_encoding",
    "Last-Modified": "",
    **dict.fromkeys(rules.BEHIND_FLY, "$turbo_strict"),
}


class NotServed(Exception):
    """An export that cannot be served: the text says why."""


class ApiAway(TurboError):
    status = 502
    code = "api_away"

    def __init__(self) -> None:
        super().__init__(
            "turbo-server does not answer: it may be waking up, or is away.",
            "Try again in a few seconds. What you were saving may have been saved: look before you save it again.",
        )


class MalformedRequest(TurboError):
    code = "malformed_request"

    def __init__(self) -> None:
        super().__init__(
            "This is no request that can be answered.", "The API is described in docs/reference/http-api.md."
        )


class NoSuchAddress(NotFound):
    def __init__(self) -> None:
        super().__init__("There is nothing at this address.", "The API is described in /openapi.json.")


def main(words: list[str]) -> int:
    page, target = map(Path, words)
    try:
        write(page, target)
    except NotServed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def write(page: Path, target: Path) -> None:
    """Raises NotServed."""
    addresses = Export(page).addresses
    files = {each.name: each for each in addresses.values()}
    if missing := [name for name in _REQUIRED if name not in files]:
        raise NotServed(f"{page} is no export of the page: it has no {missing[0]}. `make web` makes one.")
    if odd := [name for name in files if not _NAME.fullmatch(name)]:
        raise NotServed(f"{page} holds {odd[0]!r}, whose name nginx cannot be told.")
    for each in files.values():
        for coding, path in {PLAIN: each.path, **each.packed}.items():
            _copy(path, target / coding / each.name)
    _write_errors(target / "errors")
    (target / "site.conf").write_text(_site(addresses, files.values()))
    headers = {**rules.STEADY, **_FROM_TABLES}
    (target / "file.conf").write_text(f"client_max_body_size {FILE.most_bytes};\n")
    (target / "page.conf").write_text(
        "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items())
    )


def _copy(source: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, copy)


def _write_errors(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    errors = {f"{each.status}": each for each in (MalformedRequest(), NoSuchAddress(), TooLarge(), ApiAway())}
    for name, error in {**errors, "413-file": TooLarge(FILE.most_bytes, FILE.hint)}.items():
        (folder / f"{name}.json").write_text(json.dumps(error.as_envelope(), separators=(",", ":")))


def _site(addresses: dict[str, Exported], files: Iterable[Exported]) -> str:
    """nginx finds a word in any letter case: so the address stands in what it finds, and nginx.conf compares them."""
    files = list(files)
    tables = {
        "$uri $turbo_entry": ((f"/{path}", f"/{path} {each.name}") for path, each in addresses.items()),
        "$uri $turbo_item": _items(addresses),
        "$turbo_file $turbo_codings": ((each.name, " ".join(each.packed)) for each in files if each.packed),
        "$turbo_takes$turbo_codings $turbo_coding": _choices(),
        "$http_accept_encoding $turbo_takes": _takes(tuple(PACKED)),
        '"$turbo_coding/$turbo_file" $turbo_etag': _etags(files),
        "$turbo_file $turbo_policy": [
            ("default", rules.policy()),
            *((each.name, rules.policy(each.scripts)) for each in files if each.scripts),
        ],
        "$turbo_file $turbo_caching": [("default", rules.ASK_AGAIN), (f"~^{FOR_GOOD}", rules.FOR_GOOD)],
        '"" $turbo_strict_transport': [("default", next(iter(rules.BEHIND_FLY.values())))],
    }
    types = "".join(f'    "{kind}" {ending[1:]};\n' for ending, kind in TYPES.items())
    blocks = "".join(f"map {what} {{\n{_rows(rows)}}}\n" for what, rows in tables.items())
    return f"client_max_body_size {BODY_LIMIT};\ntypes {{\n{types}}}\ndefault_type {OTHERWISE};\n{blocks}"


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    quoted = ((key if key == "default" else _quoted(key), _quoted(value)) for key, value in rows)
    return "".join(f"    {key} {value};\n" for key, value in quoted)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _items(addresses: dict[str, Exported]) -> Iterator[tuple[str, str]]:
    for path, each in addresses.items():
        rest = path.removeprefix(ITEM)
        if rest != path and rest[:1] in ("", "/", "."):
            yield rf"~^/(?i:{NUMBERED}|{HANDLE}){re.escape(rest)}\z", each.name


def _takes(codings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every set of codings that a browser may take, the larger first; one with q=0 it does not."""
    for chosen in range(2 ** len(codings) - 1, 0, -1):
        taken = [coding for number, coding in enumerate(codings) if chosen >> number & 1]
        wanted = "".join(
            rf"(?=(?:.*,)?\s*{each}\s*(?:;(?!\s*q=0(?:\.0{{0,3}})?\s*(?:,|\z))[^,]*)?(?:,|\z))" for each in taken
        )
        yield f"~*^{wanted}", "".join(f"{each}," for each in taken)


def _choices() -> Iterator[tuple[str, str]]:
    yield "default", PLAIN
    for coding in PACKED:
        yield rf"~\b{coding},(?:.*\b){coding}\b", coding


def _etags(files: list[Exported]) -> Iterator[tuple[str, str]]:
    for each in files:
        for coding, path in {PLAIN: each.path, **each.packed}.items():
            yield f"{coding}/{each.name}", rules.etag(path.read_bytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
