"""Our own quick way to the folders gives what platformdirs gives; files are private and whole."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from turbo_client import paths
from turbo_client.errors import BadConfiguration

linux = pytest.mark.skipif(sys.platform != "linux", reason="the quick way exists on Linux only")


@linux
@pytest.mark.parametrize("home", ["/home/ada", "/home/ada/", "relative", "", None])
@pytest.mark.parametrize("base", ["/srv/base", "/srv/base/", "relative/base", "", " /srv/x", None])
def test_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, home: str | None, base: str | None) -> None:
    for name, value in (("HOME", home), ("XDG_CONFIG_HOME", base), ("XDG_CACHE_HOME", base)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    for ours, theirs in (
        (paths.config_directory, platformdirs.user_config_dir),
        (paths.cache_directory, platformdirs.user_cache_dir),
    ):
        try:
            folder = theirs("turbo", appauthor=False)
        except RuntimeError:  # this user has no home at all
            with pytest.raises(BadConfiguration, match="no home folder"):
                ours()
        else:
            assert ours() == folder


def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "file"
    old = os.umask(0)
    try:
        paths.write_private(str(target), b"one")
    finally:
        os.umask(old)
    modes = [path.stat().st_mode & 0o777 for path in (target, target.parent, target.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_writing_replaces_and_narrows_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old and longer")
    target.chmod(0o644)
    paths.write_private(str(target), b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_a_reader_sees_the_old_file_or_the_new_one_while_writers_are_killed(tmp_path: Path) -> None:
    target = tmp_path / "file"
    contents = {letter.encode() * 200_000 for letter in "ab"}
    paths.write_private(str(target), b"a" * 200_000)
    script = (
        "import sys; from turbo_client import paths\n"
        "print(flush=True)\n"
        "while True:\n"
        "    for letter in (b'a', b'b'): paths.write_private(sys.argv[1], letter * 200_000)\n"
    )
    for _ in range(5):
        writer = subprocess.Popen([sys.executable, "-c", script, str(target)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        assert all(target.read_bytes() in contents for _ in range(50))
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert target.read_bytes() in contents


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        paths.write_private(str(target), b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_removing_says_whether_there_was_something(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert paths.remove(str(tmp_path / "file")) is True
    assert paths.remove(str(tmp_path / "file")) is False
