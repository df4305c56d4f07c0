"""A Linux keyring for tests: gnome-keyring on a bus of its own, unlocked or locked, or one that never answers."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")

_BUS = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
# Owns the name that keyrings are looked for under, and then reads nothing.
_MUTE = """\
import sys
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
connection = open_dbus_connection("SESSION")
bus = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")
connection.send_and_get_reply(new_method_call(bus, "RequestName", "su", ("org.freedesktop.secrets", 0)))
print("mute", flush=True)
sys.stdin.read()
"""


def require_programs() -> None:
    """CI installs them; elsewhere the tests that need them are skipped, and say what to install."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        message = f"needs {', '.join(missing)}: apt-get install gnome-keyring dbus-daemon"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@contextmanager
def session_bus(folder: Path) -> Iterator[dict[str, str]]:
    """The environment that leads to a bus with nothing on it."""
    require_programs()
    address, settings = folder / "bus", folder / "bus.conf"
    settings.write_text(_BUS.format(path=address))
    command = ["dbus-daemon", f"--config-file={settings}", "--nofork", "--print-address"]
    with _running(command, {}) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline().startswith(b"unix:")
        yield {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={address}"}


@contextmanager
def gnome_keyring(folder: Path, environment: dict[str, str], *, password: str | None) -> Iterator[None]:
    """Unlocked with the password, or started without one: then what is in it stays locked."""
    control = folder / f"control-{password}"
    control.mkdir(mode=0o700)
    here = environment | {"XDG_RUNTIME_DIR": str(control), "XDG_DATA_HOME": str(folder / "data")}
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", f"--control-directory={control}"]
    with _running([*command, "--unlock"] if password else command, here) as daemon:
        assert daemon.stdin is not None
        if password:
            daemon.stdin.write(password.encode())
        daemon.stdin.close()
        _wait_for_name(here)
        yield


@contextmanager
def mute_service(environment: dict[str, str]) -> Iterator[None]:
    with _running([sys.executable, "-c", _MUTE], os.environ | environment) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == b"mute\n"
        yield


def _wait_for_name(environment: dict[str, str]) -> None:
    """Until the keyring is on the bus; asking the bus itself starts nothing."""
    from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    bus = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")
    question = new_method_call(bus, "NameHasOwner", "s", ("org.freedesktop.secrets",))
    pause = threading.Event()
    with open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        for _ in range(400):
            if connection.send_and_get_reply(question).body[0]:
                return
            pause.wait(0.025)
    raise AssertionError("gnome-keyring-daemon did not come up")


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with ExitStack() as stack:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | environment,
        )
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stack.callback(stream.close)
        stack.callback(process.wait, 10)
        stack.callback(process.kill)
        yield process
