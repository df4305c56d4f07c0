"""Which server, from where; and what an address may look like."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as some

from turbo_client import config, paths
from turbo_client.config import Login
from turbo_client.errors import BadConfiguration

# What parse_origin takes: said once more by regular expressions, which it does without.
ORIGIN = re.compile(r"(https?)://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?", re.ASCII)
LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
PIECES = [
    "http", "https", "://", ":", "/", "//", "[", "]", "::1", "[::1]", "2001:db8::1", "localhost", "127", "127.0.0.1",
    ".", "0", "1", "80", "443", "8080", "65535", "65536", "00080", "128", "0000", "a.example", "-", "_", "@", "?", "#",
    " ", "\n", "A", "K", "é", "١", "g", "f", "%",
]  # fmt: skip
STARTS = ["", "http://", "https://", " HTTPS://", "http://127.0.0.", "http://[", "http://localhost:", "https://a:"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TURBO_API_URL", "TURBO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://turbo.example.com", "https://turbo.example.com"),
        (" HTTPS://Turbo.Example.com:443/ ", "https://turbo.example.com"),
        ("https://turbo.fly.dev:8443", "https://turbo.fly.dev:8443"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.9.9.9:80", "http://127.9.9.9"),
        ("http://localhost:1", "http://127.0.0.1:1"),
        ("https://localhost", "https://localhost"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_address_has_one_spelling(given: str, origin: str) -> None:
    assert config.parse_origin(given, "--url") == origin


@pytest.mark.parametrize(
    "given",
    [
        "", "turbo.example.com", "https://", "https://a/b", "https://a?x", "https://user@a", "https://a:0",
        "https://a:99999", "https://a b", "file:///etc/passwd", "https://exämple.com", "https://a\n", 7, None,
        "http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1",
        "http://0.0.0.0:8080",
    ],
)  # fmt: skip
def test_other_addresses_are_refused_with_the_place_to_mend(given: object) -> None:
    if isinstance(given, str) and given.endswith("\n"):
        assert config.parse_origin(given, "--url") == "https://a"
        return
    with pytest.raises(BadConfiguration, match="in --url") as caught:
        config.parse_origin(given, "--url")
    assert "https://" in caught.value.hint


@drawn(some.sampled_from(STARTS), some.lists(some.sampled_from(PIECES), max_size=8).map("".join))
def test_any_text_is_an_address_or_none_as_the_expressions_have_it(start: str, rest: str) -> None:
    given = start + rest
    try:
        parsed = config.parse_origin(given, "x")
    except BadConfiguration as refusal:
        parsed = refusal.message
    assert parsed == by_expressions(given)


def by_expressions(given: str) -> str:
    match = ORIGIN.fullmatch(given.strip().lower())
    if match is None or not 0 < int(match[3] or 1) < 65536:
        return "The server address in x is not one."
    scheme, host, port = match.groups()
    if scheme == "http" and host == "localhost":
        host = "127.0.0.1"
    if scheme == "http" and not LOOPBACK.fullmatch(host):
        return "The server address in x is http:// to another machine, which would send your key in the clear."
    return f"{scheme}://{host}" + (
        f":{port}" if port and (scheme, port) not in {("http", "80"), ("https", "443")} else ""
    )


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (config.load().origin, config.load().origin_source) == ("http://127.0.0.1:8080", "default")
    config.remember("https://a.example", Login("f", "keyring"), as_default=True)
    assert (config.load().origin, config.load().origin_source) == ("https://a.example", "config file")
    monkeypatch.setenv("TURBO_API_URL", "https://b.example")
    assert config.load().origin == "https://b.example"
    assert "TURBO_API_URL" in config.load().origin_source


@pytest.mark.parametrize("value", ["", "  ", "${TURBO_API_URL}", "${TURBO_API_URL:-}", " ${X}"])
def test_a_variable_that_was_not_expanded_counts_as_unset(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TURBO_API_URL", value)
    assert config.load().origin_source == "default"


def test_a_login_is_remembered_for_its_server_and_forgotten_alone() -> None:
    config.remember("https://a.example", Login("fa", "file", "ada", "personal", "AbCd"), as_default=True)
    config.remember("https://b.example", Login("fb", "keyring"), as_default=False)
    login = config.load().login
    assert login is not None
    assert login.fields() == {
        "account": "ada", "fingerprint": "fa", "last4": "AbCd", "store": "file", "workspace": "personal",
        "key_id": "",
    }  # fmt: skip
    config.remember("https://a.example", None, as_default=False)
    assert config.load().logins.keys() == {"https://b.example"}


def test_what_others_wrote_into_the_file_stays_and_a_link_stays_a_link(home: Path) -> None:
    real = home / "dotfiles.json"
    real.write_text('{"theme": "dark", "logins": {"https://z.example": 7}}')
    link = Path(paths.config_file())
    link.parent.mkdir(parents=True)
    link.symlink_to(real)
    config.remember("https://a.example", Login("f", "keyring"), as_default=True)
    assert link.is_symlink()
    stored = json.loads(real.read_text())
    assert stored["theme"] == "dark"
    assert stored["logins"]["https://z.example"] == 7
    assert config.load().logins.keys() == {"https://a.example"}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_a_damaged_file_is_left_alone_and_named(text: str) -> None:
    file = Path(paths.config_file())
    file.parent.mkdir(parents=True)
    file.write_text(text)
    for use in (config.load, lambda: config.remember("https://a.example", None, as_default=True)):
        with pytest.raises(BadConfiguration, match=r"config\.json"):
            use()
    assert file.read_text() == text


def test_the_stamp_changes_with_every_write() -> None:
    stamps = [config.stamp()]
    for _ in range(3):
        config.remember("https://a.example", Login("f", "keyring"), as_default=False)
        stamps.append(config.stamp())
    assert stamps[0] is None
    assert len(set(stamps)) == 4
