"""Arguments that name a file of the project folder: the only place that reads a person's files for a session.

Which arguments these are, the tool list says: `_meta: {"turbo/files": {"file": "text"}}` has the content of the file
that `file` names sent as `text`. A model chooses the path, so nothing outside of the folder is read, and no secret.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

from turbo_client import json_text
from turbo_client.errors import FileRefused

_LIMIT = 256 * 1024
_META = "turbo/files"
_SECRET_FOLDERS = frozenset({".git", ".ssh", ".gnupg", ".aws", ".azure", ".gcloud", ".kube", ".docker"})
_SECRET_NAMES = frozenset(
    {".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", ".htpasswd", ".git-credentials", "credentials",
     "credentials.json", ".dockercfg", ".envrc"}
)  # fmt: skip
_SECRET_ENDINGS = (".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".asc", ".gpg")
_KEY_FILE = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?")
_TEMPLATES = (".example", ".sample", ".template")
_PRIVATE_KEY = re.compile(rb"^-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----", re.MULTILINE)
_API_KEY = re.compile(rb"turbo_pat_[0-9A-Za-z]{46}")
# Where the platform has them: without a link as the last component, without waiting for the other end of a pipe.
_READING = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_FOLDER = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC"))
_CAN_WALK = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")


def with_files(tool: dict[str, Any], arguments: str) -> str:
    """The JSON text of the arguments with each file's content in place of its name. Raises FileRefused.

    Where no file is named, it is the very same text.
    """
    meta = tool.get("_meta")
    files = meta.get(_META) if isinstance(meta, dict) else None
    if not isinstance(files, dict):
        return arguments
    given = json_text.parse(arguments)
    named = [(name, content) for name, content in files.items() if given.get(name) is not None]
    for name, content in named:
        if given.get(content) is not None:
            raise FileRefused(f"Both {name} and {content} were given.", f"Give one: {name} is read into {content}.")
        given[content] = read(given.pop(name))
    return json_text.dump(given) if named else arguments


def read(path: object) -> str:
    """The text of a file of the project folder, byte for byte. Raises FileRefused."""
    if not isinstance(path, str) or not path.strip():
        raise FileRefused("The file must be a path.", "Give it relative to the project folder, such as docs/notes.md.")
    root, parts = _inside(path)
    if any(map(_is_secret, (*parts, Path(path).name))):
        raise _secret(path)
    content = _content(path, root, parts)
    if _PRIVATE_KEY.search(content) or _API_KEY.search(content):
        raise _secret(path)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FileRefused(f"{_shown(path)} is not text in UTF-8.", "Convert it to UTF-8 first.") from None
    if "\x00" in text:
        raise FileRefused(f"{_shown(path)} holds a NUL character.", "It cannot be stored as text: remove it.")
    return text


def _inside(path: str) -> tuple[Path, tuple[str, ...]]:
    """(the project folder, the way from there to the file), all links followed."""
    root = Path(os.path.realpath(os.environ.get("CLAUDE_PROJECT_DIR") or "."))
    if root.parent == root:
        raise FileRefused("There is no project folder here.", "Start in one, or send the content itself.")
    try:
        real = Path(os.path.realpath(root / path))  # Path.resolve raises a RuntimeError for links in a circle
    except (OSError, ValueError):
        raise FileRefused(f"{_shown(path)} is no path.", "Give it relative to the project folder.") from None
    if root not in real.parents:
        hint = "Give a path inside it, or send the content itself."
        raise FileRefused(f"{_shown(path)} is not inside the project folder {_shown(str(root))}.", hint)
    return root, real.relative_to(root).parts


def _content(path: str, root: Path, parts: tuple[str, ...]) -> bytes:
    try:
        descriptor = _opened(root, parts)
    except FileNotFoundError:
        hint = "Look up its name; a path is taken from there."
        raise FileRefused(f"There is no file {_shown(path)} in {_shown(str(root))}.", hint) from None
    except OSError:
        raise FileRefused(f"{_shown(path)} cannot be read.", "Check that it is a file that you may read.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileRefused(f"{_shown(path)} is not a regular file.", "Give the path of a text file.")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise FileRefused(f"{_shown(path)} is over {_LIMIT // 1024} KiB.", "Split it, or send the part that matters.")
    return content


def _opened(root: Path, parts: tuple[str, ...]) -> int:
    """Folder by folder, none of them a link: one that was put there since the links were followed leads nowhere."""
    if not _CAN_WALK:
        return os.open(root.joinpath(*parts), _READING)
    folder = os.open(root, _FOLDER)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], _READING, dir_fd=folder)
    finally:
        os.close(folder)


def _is_secret(name: str) -> bool:
    name = name.lower()
    if name == ".env" or name.startswith(".env."):
        return not name.endswith(_TEMPLATES)
    is_named = name in _SECRET_FOLDERS or name in _SECRET_NAMES or name.endswith(_SECRET_ENDINGS)
    return is_named or bool(_KEY_FILE.fullmatch(name))


def _secret(path: str) -> FileRefused:
    return FileRefused(f"{_shown(path)} looks like a secret.", "Secrets do not belong into a document: leave it out.")


def _shown(path: str) -> str:
    return path if len(path) <= 200 else f"{path[:199]}…"
