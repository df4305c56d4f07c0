"""What a user installs: two wheels that hold everything they need and nothing of each other."""

import email
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.house.source_tree import ROOT

HATCHLING = Path(sys.executable).parent / "hatchling"


class Wheel:
    """A wheel built from this checkout, without a network."""

    def __init__(self, project: Path, folder: Path) -> None:
        # With no pip in between: what is installed here is all that the build may use.
        subprocess.run(
            [HATCHLING, "build", "-t", "wheel", "-d", folder], cwd=project, check=True, capture_output=True, timeout=60
        )
        [self.path] = folder.glob("*.whl")
        with zipfile.ZipFile(self.path) as archive:
            self.names = set(archive.namelist())
            self._texts = {name: archive.read(name) for name in self.names}

    @property
    def metadata(self) -> Message:
        return email.message_from_bytes(self.of_the_distribution("METADATA"))

    @property
    def packages(self) -> set[str]:
        return {name.split("/")[0] for name in self.names if ".dist-info/" not in name}

    @property
    def requirements(self) -> set[str]:
        return {Requirement(line).name for line in self.metadata.get_all("Requires-Dist") or ()}

    def of_the_distribution(self, name: str) -> bytes:
        [path] = [path for path in self.names if path.endswith(f".dist-info/{name}")]
        return self._texts[path]

    def read(self, name: str) -> bytes:
        return self._texts[name]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    return Wheel(ROOT, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    return Wheel(ROOT / "server", tmp_path_factory.mktemp("server"))


def files_below(folder: Path, package: str) -> set[str]:
    found = {path for path in (folder / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert found
    return {str(path.relative_to(folder)) for path in found}


def test_the_client_holds_the_client_the_installer_and_nothing_else(client: Wheel) -> None:
    assert client.packages == {"turbo_client", "turbo_installer"}
    assert client.names >= files_below(ROOT / "client", "turbo_client")
    assert client.names >= files_below(ROOT / "installer", "turbo_installer")


def test_the_client_brings_every_slash_command(client: Wheel) -> None:
    commands = {path.name: path.read_bytes() for path in (ROOT / "commands").glob("*.md")}
    assert commands
    place = "turbo_installer/commands/"
    assert {name.removeprefix(place) for name in client.names if name.startswith(place)} == set(commands)
    assert {name: client.read(place + name) for name in commands} == commands


def test_the_client_needs_three_libraries(client: Wheel) -> None:
    assert client.requirements == {"httpx", "keyring", "platformdirs"}


def test_the_server_holds_the_server_with_its_migrations(server: Wheel) -> None:
    assert server.packages == {"turbo_server"}
    assert server.names >= files_below(ROOT / "server", "turbo_server")


def test_the_server_does_not_need_the_clients_libraries(server: Wheel) -> None:
    assert server.requirements & {"httpx", "keyring", "mcp", "turbo-client"} == set()


@pytest.mark.parametrize("name", ["client", "server"])
def test_each_brings_its_program_its_types_and_its_licence(name: str, request: pytest.FixtureRequest) -> None:
    wheel: Wheel = request.getfixturevalue(name)
    assert f"turbo-{name} = turbo_{name}.__main__:main".encode() in wheel.of_the_distribution("entry_points.txt")
    assert f"turbo_{name}/__main__.py" in wheel.names
    assert f"turbo_{name}/py.typed" in wheel.names
    assert wheel.metadata["License-Expression"] == "MIT"
    assert wheel.metadata["Requires-Python"] == ">=3.11"
