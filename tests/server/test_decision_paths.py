"""Which globs cover which paths: gitignore's rules, as docs/guides/decisions.md has them."""

import re
import time
from pathlib import Path

import pytest

from turbo_server.decision.paths import NoSuchPath, checked_glob, checked_path, first_covering


@pytest.mark.parametrize(
    ("glob", "covered", "not_covered"),
    [
        # a name alone fits in any folder, and a folder covers what is below it
        ("store.py", ["store.py", "server/store.py", "a/b/store.py"], ["store.pyc", "my_store.py"]),
        ("docs", ["docs", "docs/a.md", "server/docs/b/c.md"], ["docs.md", "mydocs/a"]),
        ("docs/", ["docs", "docs/a.md", "server/docs/a.md"], ["docs.md"]),
        ("*.py", ["a.py", "a/b/c.py", ".py"], ["a.pyc", "py"]),
        # one with a slash counts from the root
        ("server/store.py", ["server/store.py"], ["store.py", "a/server/store.py"]),
        ("/store.py", ["store.py"], ["server/store.py"]),
        ("server/api", ["server/api", "server/api/v1/x.py"], ["server/apis", "x/server/api"]),
        # * and ? stay within a name
        ("server/*.py", ["server/app.py"], ["server/kit/sql.py", "server/app.pyi"]),
        ("server/*/store.py", ["server/issue/store.py"], ["server/store.py", "server/a/b/store.py"]),
        ("v?/x", ["v1/x", "v2/x/y"], ["v/x", "v10/x", "v//x"]),
        ("a*b*c", ["abc", "aXbYbZc", "abbc"], ["ab", "abcd", "xabc"]),
        ("*", ["a", "a/b/c"], []),
        # ** is any number of folders
        ("server/**/a.py", ["server/a.py", "server/x/a.py", "server/x/y/a.py"], ["a.py", "x/server/a.py"]),
        ("**/store.py", ["store.py", "a/b/store.py"], ["a/store.pyx"]),
        ("docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("**", ["a", "a/b"], []),
        ("a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c/c"], ["a/c", "a/b", "b/c"]),
        ("a/**/**/b", ["a/b", "a/x/y/b"], ["a"]),
        ("a**b", ["ab", "axxb", "z/axb"], ["a/b"]),
        # {a,b} is each of the words; brackets, exclamation marks within and lonely braces are plain characters
        ("src/**/*.{ts,tsx}", ["src/a.ts", "src/b/c.tsx"], ["src/a.js", "src/a.t"]),
        ("{server,client}/{a,b}.py", ["server/a.py", "client/b.py"], ["server/c.py", "server,client/a.py"]),
        ("app/[slug]/page.tsx", ["app/[slug]/page.tsx"], ["app/s/page.tsx"]),
        ("{{cookiecutter.name}}/x", ["{{cookiecutter.name}}/x"], ["x"]),
        ("a{b}c", ["a{b}c"], ["abc"]),
        ("x{,.old}", ["x", "x.old"], ["x."]),
        # spellings of the same
        ("./server/app.py", ["server/app.py"], []),
        ("server\\kit\\*.py", ["server/kit/sql.py"], []),
        (" server//kit/ ", ["server/kit/sql.py"], []),
        ("Café.md", ["Cafe\u0301.md"], ["Cafe.md"]),
        # letter case counts
        ("README.md", ["README.md"], ["readme.md"]),
    ],
)  # fmt: skip
def test_a_glob_covers(glob: str, covered: list[str], not_covered: list[str]) -> None:
    checked_glob(glob)
    paths = covered + not_covered
    assert [path for path in paths if first_covering([glob], checked_path(path))] == covered


def test_the_guides_table_is_true() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "decisions.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in guide.splitlines() if line.startswith("| `")]
    table = [[re.findall(r"`([^`]+)`", cell) for cell in row] for row in rows]
    assert len(table) == 10
    for globs, covered, not_covered in table:
        for glob in globs:
            assert [path for path in covered + not_covered if first_covering([glob], path)] == covered, glob


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("server/app.py", "server/app.py"), ("./server/./app.py", "server/app.py"), ("server\\app.py", "server/app.py"),
        ("server/kit/", "server/kit"), ("a//b", "a/b"), (".github/x.yml", ".github/x.yml"), ("..foo/a", "..foo/a"),
    ],
)  # fmt: skip
def test_a_path_is_read_in_any_spelling(written: str, read: str) -> None:
    assert checked_path(written) == read


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc/passwd", "absolute"), ("C:\\repo\\x", "absolute"), ("c:x", "absolute"), ("~/x", "absolute"),
        ("\\\\host\\x", "absolute"),
        ("../x", "`..`"), ("a/../b", "`..`"), ("a\\..\\b", "`..`"), ("..", "`..`"),
        ("a" * 1_001, "1,000"), ("", "no file"), (".", "no file"), ("./", "no file"), ("  ", "no file"),
    ],
)  # fmt: skip
def test_a_path_outside_of_the_repository_is_refused(path: str, why: str) -> None:
    with pytest.raises(NoSuchPath, match=why):
        checked_path(path)


@pytest.mark.parametrize(
    ("glob", "why"),
    [
        ("!docs/**", "excludes nothing"), ("../x", "`..`"), ("a/../**", "`..`"), ("/", "no file"), ("./", "no file"),
        ("D:/x", "absolute"), ("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "more than 32"), ("{a,b}" * 40, "more than 32"),
    ],
)  # fmt: skip
def test_a_glob_that_cannot_work_is_refused(glob: str, why: str) -> None:
    with pytest.raises(NoSuchPath, match=why):
        checked_glob(glob)


@pytest.mark.parametrize(
    "glob", ["**/a*/" * 30 + "b", "*a" * 90 + "b", "**/" * 60 + "b", "{a,b}" * 5 + "*a" * 80 + "b"]
)
def test_no_glob_takes_long(glob: str) -> None:
    began = time.perf_counter()
    for path in ("/".join(["aaaa"] * 200), "a" * 1_000):
        assert first_covering([glob], path) is None
    assert time.perf_counter() - began < 5
