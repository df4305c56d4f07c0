"""What must stand in no file of the repository: addresses of package registries, paths of one machine, secrets."""

import re
from pathlib import Path

import pytest

from tests.house.tracked_files import read, tracked_files

# One letter of each stands in brackets, so that this file does not hold what it looks for.
FORBIDDEN = {
    # Where packages come from is the business of each machine's own configuration.
    "a package registry": r"[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs|[n]pmjs\.(?:com|org)|[d]eb\.debian",
    "a path of one machine": r"(?<![\w./-])/(?:[w]ork/|[r]oot/|[h]ome/(?!ada\b|jonas\b|me\b|you\b|dev\b|user\b)\w+)",
    "a Turbo key": r"[t]urbo_pat_[0-9A-Za-z]{46}(?![0-9A-Za-z])",
    "a key of another service": (r"[s]k-ant-[\w-]{20}|[g]h[pousr]_[0-9A-Za-z]{36}|[A]KIA[0-9A-Z]{16}|[F]lyV1 \w{20}"),
    "a private key": r"-----[B]EGIN [A-Z ]*PRIVATE KEY-----",
    # A made-up one in a test goes to a host without a domain, to loopback, or to a name that cannot exist.
    "a password in a URL": r"[p]ostgres(?:ql)?://\w+:[^@\s'\"/{$]+@(?!127\.|\S*\.(?:invalid|example)\b)[\w-]+\.\w",
}
ALLOWED = {
    ("Dockerfile.fly", "a path of one machine"): "the build's cache inside the image",
    ("tests/server/test_database_url.py", "a password in a URL"): "of nobody: how such URLs are read is what is tested",
}


def findings(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]


def test_no_file_holds_what_belongs_to_one_machine_or_is_secret() -> None:
    assert len(tracked_files()) > 20
    found = {(str(path), what) for path in tracked_files() for what in findings(read(path) or "")}
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set(), "no longer needed"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a package registry", "index-url = https://py" + "pi.org/simple"),
        ("a package registry", '"resolved": "https://registry.npm' + 'js.org/x"'),
        ("a path of one machine", "see /wo" + "rk/main/README.md"),
        ("a path of one machine", "open('/ro" + "ot/.cache')"),
        ("a path of one machine", "/home/" + "cloudsdk/x"),
        ("a Turbo key", "turbo_" + "pat_" + "a1B2" * 11 + "zz"),
        ("a key of another service", "gh" + "p_" + "x" * 36),
        ("a private key", "-----BEGIN RSA PRIV" + "ATE KEY-----"),
        ("a password in a URL", "postgres://turbo:" + "hunter2@pg.turbo.dev/turbo"),
    ],
)
def test_what_is_planted_is_found(what: str, text: str) -> None:
    assert findings(text) == [what]


@pytest.mark.parametrize(
    "text",
    [
        "a network/root/x",
        "turbo_pat_...AbCd",
        "postgres://user:password@host/db",
        "postgres://u:p@db.invalid/x",
        "framework/main",
        "https://root/x",
    ],
)
def test_what_only_looks_alike_is_left_alone(text: str) -> None:
    assert findings(text) == []


def test_a_file_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    assert read(tmp_path / "picture.png") is None
