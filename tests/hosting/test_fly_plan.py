"""`turbo-server fly plan`: commands that flyctl knows, in an order that works, without a secret; prices that add up."""

import os
import re
import shlex
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.hosting.flyctl import commands, mistakes
from tests.house.tracked_files import tracked_files
from turbo_server.account.token import is_well_formed
from turbo_server.cli import run
from turbo_server.hosting import fly
from turbo_server.hosting.fly_plan import Plan, Store, steps, written

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
Print = Callable[..., tuple[int, str, str]]
WHEREVER = [
    Plan("turbo-ada", region, store, "fly.toml", "turbo_data", domain, web)
    for store, region, domain, web in product(
        Store, ("iad", "ewr"), (None, "turbo.example.com"), (None, "turbo-ada-web")
    )
    if store is not Store.MANAGED or region in fly.MANAGED
]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Print:
    monkeypatch.chdir(ROOT)

    def plan(*words: str) -> tuple[int, str, str]:
        status = run(["fly", "plan", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return plan


@pytest.mark.parametrize("plan", WHEREVER, ids=str)
def test_flyctl_knows_every_command_and_flag(plan: Plan) -> None:
    found = commands(written(plan))
    assert len(found) == sum(command.count("fly ") for step in steps(plan) for command in step.commands)
    assert [wrong for words in found for wrong in mistakes(words)] == []


PAGES = [path for path in tracked_files() if path.suffix == ".md" and "fly " in (ROOT / path).read_text()]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_flyctl_knows_every_command_of_the_documents(page: Path) -> None:
    text = (ROOT / page).read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`(fly [a-z][^`\n]*)`", text)
    found = [words for block in (*blocks, *inline) for words in commands(block)]
    named = ["fly secrets set NAME=VALUE"]  # as what not to do
    assert [wrong for words in found if f"fly {' '.join(words)}" not in named for wrong in mistakes(words)] == []


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("fly app create x", "there is no command"),
        ("fly deploy --high-availability=false", "no flag --high-availability"),
        ("fly mpg attach --app x", "wants 1 words, not 0"),
        ("fly mpg create --name", "wants a value"),
        ("key=x | fly secrets set A=b", "there is no command"),
    ],
)
def test_a_command_that_flyctl_does_not_know_is_found(command: str, wrong: str) -> None:
    [words] = commands(command)
    assert wrong in " ".join(mistakes(words))


@pytest.mark.parametrize("plan", WHEREVER, ids=str)
def test_the_order_is_one_that_works(plan: Plan) -> None:
    text = "\n".join(command for step in steps(plan) for command in step.commands)
    create = {Store.MANAGED: "mpg create", Store.UNMANAGED: "postgres create", Store.SQLITE: "volumes create"}
    attach = ["attach"] if plan.store is not Store.SQLITE else []
    order = ["auth login", "apps create", create[plan.store], *attach, "secrets import --stage", "deploy", "/ready",
             f"login --url https://{plan.host}", "turbo-client install"]  # fmt: skip
    order += ["allocate-v6 --private --app turbo-ada", f"apps create {plan.web}", "deploy --config frontend/fly.toml",
              "TURBO_WEB_URL=https://turbo-ada-web.fly.dev", "turbo-client web"] if plan.web else []  # fmt: skip
    order += ["certs add", "certs check", "login --url https://turbo.example.com"] if plan.domain else []
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "--ha=false" in text


@pytest.mark.parametrize("plan", WHEREVER, ids=str)
def test_a_comment_that_is_pasted_does_nothing_even_where_the_shell_takes_it_for_a_command(plan: Plan) -> None:
    comments = [line for line in written(plan).splitlines() if line.startswith("#")]
    assert [line for line in comments if not re.fullmatch(r"#[\w .,:/=-]*", line)] == []


def test_the_key_goes_through_pipes_and_into_no_command_line(tmp_path: Path) -> None:
    """The plan's own lines, run by a shell, with a `fly` and a `turbo-client` that write down what they are given."""
    for name in ("fly", "turbo-client"):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$0 $*" >>{tmp_path}/words\n[ -t 0 ] || cat >>{tmp_path}/{name}.in\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    lines = [
        command for step in steps(WHEREVER[0]) for command in step.commands if "$key" in command or "key" in command
    ]
    subprocess.run(
        ["sh", "-euc", "\n".join(lines)], check=True, cwd=tmp_path, stdin=subprocess.DEVNULL, timeout=60,
        capture_output=True, env={"PATH": f"{tmp_path}:{PROGRAMS}:{os.environ['PATH']}", "HOME": str(tmp_path)},
    )  # fmt: skip
    secret = (tmp_path / "fly.in").read_text().strip().removeprefix("TURBO_API_KEY=")
    assert is_well_formed(secret)
    assert (tmp_path / "turbo-client.in").read_text().strip() == secret
    assert secret not in (tmp_path / "words").read_text()


def test_the_checkouts_own_names_are_taken(printed: Print) -> None:
    own = tomllib.loads((ROOT / "fly.toml").read_text())
    status, out, said = printed()
    assert status == 0
    assert f"--app {own['app']} --primary-region {own['primary_region']} --ha=false" in out
    assert "Nothing was run." in said


def test_the_page_is_told_where_the_server_is(printed: Print) -> None:
    own = tomllib.loads((ROOT / "frontend" / "fly.toml").read_text())
    port = own["env"]["TURBO_API_URL"].rpartition(":")[2]
    for words, name in ((["--web"], "turbo-ada-web"), (["--web", "ada-pages"], "ada-pages")):
        _, out, said = printed("--app", "turbo-ada", *words)
        assert f"fly deploy --config frontend/fly.toml --app {name} --primary-region iad" in out
        assert f"--env TURBO_API_URL=http://turbo-ada.flycast:{port}\n" in out
        assert "0.15 to 2.19 more" in out
        assert "into frontend/fly.toml" in said
    assert "frontend" not in printed("--app", "turbo-ada")[1]


def test_sqlite_gets_the_volume_of_its_own_file(printed: Print) -> None:
    [mount] = tomllib.loads((ROOT / "fly.toml.sqlite").read_text())["mounts"]
    _, out, _ = printed("--database", "sqlite", "--region", "EWR", "--app", "turbo-ada")
    assert f"fly volumes create {mount['source']} --region ewr" in out
    assert "fly deploy --config fly.toml.sqlite" in out
    assert "postgres" not in out


def test_a_region_without_managed_postgres_is_refused_with_what_there_is(printed: Print) -> None:
    status, out, said = printed("--region", "ewr")
    assert (status, out) == (1, "")
    assert said.startswith("Fly has no Managed Postgres in ewr (as of November 2026). Choose --region iad,")
    assert "--database unmanaged or sqlite" in said
    assert printed("--region", "ewr", "--database", "unmanaged")[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--region", "xyz"], "Fly has no region 'xyz'"),
        (["--app", "Turbo"], "'Turbo' is no name of an app"),
        (["--web", "Turbo"], "'Turbo' is no name of an app"),
        (["--app", "turbo-ada", "--web", "turbo-ada"], "'turbo-ada' cannot be both apps"),
        (["--app", "x; rm -r /"], "is no name of an app"),
        (["--domain", "https://turbo.example.com"], "is no host name"),
        (["--domain", "turbo"], "is no host name"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(printed: Print, words: list[str], sentence: str) -> None:
    status, out, said = printed(*words)
    assert (status, out) == (1, "")
    assert sentence in said


@pytest.mark.parametrize("text", [None, "app = ", 'app = "turbo"'])
def test_another_folder_than_a_checkout_is_refused_in_a_sentence(
    printed: Print, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    if text:
        (tmp_path / "fly.toml").write_text(text)
    status, out, said = printed()
    assert (status, out) == (1, "")
    assert re.search(r"There is no fly.toml here|cannot be read|Fly has no region ''", said)


def test_the_costs_add_up() -> None:
    plans = [plan for plan in WHEREVER if not plan.web]
    told = {plan.store: re.findall(r"\d+\.\d\d", written(plan).split("# 1.")[0]) for plan in plans}
    assert told == {
        Store.MANAGED: ["40.95", "44.49", "40.80"],
        Store.UNMANAGED: ["2.49", "6.03", "2.34"],
        Store.SQLITE: ["0.30", "3.84", "0.15"],
    }


def test_every_region_has_managed_postgres_or_one_near_it_that_has() -> None:
    assert set(fly.NEAREST) | set(fly.MANAGED) == set(fly.REGIONS)
    assert set(fly.NEAREST.values()) <= set(fly.MANAGED)
    assert "ewr" not in fly.MANAGED


def test_every_app_and_host_stands_in_the_commands_as_one_word() -> None:
    for plan in WHEREVER:
        assert [shlex.quote(name) for name in (plan.app, plan.region, plan.host)] == [plan.app, plan.region, plan.host]
