"""The image as `fly deploy` would build it, really built and really run: on Postgres and on a volume."""

import os
import re
import signal
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.hosting.image_process import Container, container, served
from tests.postgres import create_database, drop_database
from tests.server.live import free_port
from turbo_server.account.token import mint

ROOT = Path(__file__).parents[2]
USER = 10001
PROGRAMS_OF_THE_BUILD = ("uv", "pip", "gcc", "cc", "ld", "make", "git", "hatchling")
# What a server has loaded, and of it what Python had to compile.
UNCOMPILED = """
import os, sys, turbo_server.cli.serve, turbo_server.cli.migrate, turbo_server.migrations.migrate
for module in list(sys.modules.values()):
    spec = getattr(module, "__spec__", None)
    if spec and (spec.origin or "").endswith(".py") and not os.path.exists(spec.cached):
        print(spec.origin)
"""
# Building it takes most of it, once.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def box() -> Iterator[Container]:
    with container() as made:
        yield made


def files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    for path in folder.rglob("*"):
        yield str(path.relative_to(folder)), path.lstat()


def test_nothing_of_the_app_can_be_changed_by_the_user_it_runs_as(box: Container) -> None:
    assert box.config["User"] == f"{USER}:{USER}"
    app = [("", (box.root / "app").lstat()), *files(box.root / "app")]
    writable = [name for name, found in app if not stat.S_ISLNK(found.st_mode) and found.st_mode & 0o022]
    assert writable == []
    assert {found.st_uid for _, found in app} == {0}


def test_it_holds_the_server_and_none_of_what_built_it(box: Container) -> None:
    names = [name for name, _ in files(box.root / "app")]
    packages = [re.split(r"-\d", Path(name).name)[0] for name in names if name.endswith(".dist-info")]
    size = sum(found.st_size for _, found in files(box.root / "app")) / 1e6
    print(f"\nimage: {len(packages)} packages and {size:.0f} MB of files on top of the base")
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "server" / "requirements.txt").read_text(), re.MULTILINE)
    assert {_plain(name) for name in packages} <= {_plain(name) for name in (*locked, "turbo-server")}
    assert [name for name in names if Path(name).name in PROGRAMS_OF_THE_BUILD] == []
    assert not (box.root / "build").exists()
    assert not (box.root / "src").exists()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_secret_and_no_data_stand_in_it(box: Container) -> None:
    names = [name for name, _ in files(box.root / "app")]
    assert [name for name in names if re.search(r"(^|/)(\.env|\.git|.*\.db(-wal|-shm)?)$", name)] == []
    told = " ".join(box.config.get("Env", []))
    assert not re.search(r"KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL", told)


def test_everything_it_loads_was_compiled_when_it_was_built(box: Container) -> None:
    found = box.run("python", "-c", UNCOMPILED, volumes={})
    assert (found.returncode, found.stdout) == (0, ""), found.stderr[-2000:]


@pytest.fixture
def postgres_url(postgres_admin: str) -> Iterator[str]:
    name = f"turbo_image_{os.getpid()}"
    yield create_database(postgres_admin, name)
    drop_database(postgres_admin, name)


def test_on_postgres_the_release_command_migrates_and_a_call_under_way_is_answered(
    box: Container, postgres_url: str, tmp_path: Path
) -> None:
    fly = tomllib.loads((ROOT / "fly.toml").read_text())
    # A folder that holds a socket is closed to others, the socket itself is open.
    sockets = [f"{folder}/.s.PGSQL.5432" for folder in parse_qs(urlsplit(postgres_url).query).get("host", [])]
    volumes = dict.fromkeys(sockets, "/postgres/.s.PGSQL.5432")
    environment = fly["env"] | {"DATABASE_URL": re.sub(r"host=/[^&]+", "host=/postgres", postgres_url)}
    release = box.run(*fly["deploy"]["release_command"].split(), volumes=volumes, **environment)
    assert release.returncode == 0, release.stderr
    _serves_and_drains(box, environment, volumes, tmp_path, signal.Signals[fly["kill_signal"]])


def test_on_a_volume_the_start_migrates_and_a_call_under_way_is_answered(box: Container, tmp_path: Path) -> None:
    fly = tomllib.loads((ROOT / "fly.toml.sqlite").read_text())
    [mount] = fly["mounts"]
    volume = tmp_path / "volume"
    volume.mkdir(mode=0o755)
    os.chown(volume, USER, USER)  # as Fly gives a volume to the user of the image
    volumes = {str(volume): mount["destination"]}
    _serves_and_drains(box, fly["env"], volumes, tmp_path, signal.Signals[fly["kill_signal"]])
    assert (volume / "turbo.db").stat().st_uid == USER
    assert not (volume / "turbo.db-wal").exists()


def _serves_and_drains(
    box: Container, environment: dict[str, str], volumes: dict[str, str], folder: Path, number: signal.Signals
) -> None:
    environment = environment | {"API_PORT": str(free_port()), "TURBO_API_KEY": mint()}
    with served(box, environment, volumes, folder / "said") as server:
        assert server.user == (USER, USER)
        assert server.get("/ready")[0] == 200
        assert server.call("create_project", key="SHOP", name="The web shop")[0] == 200
        under_way = server.begin("create_issue", project="SHOP", title="Pay by invoice")
        server.stop(number)
        status, issue = under_way.end()
        assert (status, issue["key"]) == (200, "SHOP-1")
        assert server.process.wait(30) == 0
