"""The one deadline, the retries and the classes of failure, on real sockets."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.client.stand_in import Reply, StandIn, error, free_port, make_key
from turbo_client.alarms import Alarms
from turbo_client.backend import Backend, Request
from turbo_client.errors import CallCancelled, CallFailed, KeyRefused, NotReached, OutcomeUnknown, Refused
from turbo_client.hangup import CANCELLED, Hangup

READ = Request("GET", "/v1/me")
WRITE = Request("POST", "/v1/tools/write_it", body=b"{}", reads=False)


def ask(origin: str, request: Request, seconds: float = 1.0, hangup: Hangup | None = None) -> object:
    with closing(Backend(origin, Alarms(), total_seconds=seconds)) as backend:
        return backend.ask(request, make_key(), hangup).json_object()


@contextmanager
def listener(*, accepts: bool = True) -> Iterator[tuple[socket.socket, str]]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8 if accepts else 0)
        yield server, f"127.0.0.1:{server.getsockname()[1]}"


def drip(connection: socket.socket) -> None:
    """A byte now and then, for ever: no read ever times out."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    pause = threading.Event()
    try:
        while not pause.wait(0.05):
            connection.sendall(b" ")
    except OSError:
        connection.close()


def drip_headers(connection: socket.socket) -> None:
    pause = threading.Event()
    try:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not pause.wait(0.05):
            connection.sendall(b"x")
    except OSError:
        connection.close()


@pytest.mark.parametrize(
    "reply",
    [Reply(raw=drip), Reply(raw=drip_headers), Reply(gate=threading.Event())],
    ids=["body drips", "headers drip", "mute"],
)
def test_the_deadline_holds_against_every_way_of_being_slow(backend: StandIn, reply: Reply) -> None:
    backend.replies["/v1/tools/write_it"] = reply
    started = time.monotonic()
    with pytest.raises(OutcomeUnknown, match="did not answer within 1 seconds"):
        ask(backend.origin, WRITE)
    assert 0.9 < time.monotonic() - started < 3
    assert len(backend.calls("write_it")) == 1


def test_a_refused_connection_is_tried_again_and_then_surely_not_sent() -> None:
    with pytest.raises(NotReached, match="No server answers") as caught:
        ask(f"http://127.0.0.1:{free_port()}", WRITE, 5)
    assert caught.value.certain


def test_a_server_that_comes_up_meanwhile_is_reached(backend: StandIn) -> None:
    """The write was surely not sent the first time, so it is sent again."""
    port = free_port()
    late = StandIn(port)  # it listens from here on, and answers once it is started
    try:
        threading.Timer(0.2, late.start).start()
        assert ask(late.origin, WRITE, 5) == {"tool": "write_it", "arguments": {}}
    finally:
        late.stop()


def test_a_name_that_does_not_resolve_is_surely_not_sent() -> None:
    with pytest.raises(NotReached, match="cannot be reached"):
        ask("https://turbo.invalid", WRITE, 5)


def test_tls_to_a_plain_port_is_permanent_and_not_tried_again(backend: StandIn) -> None:
    started = time.monotonic()
    with pytest.raises(NotReached, match="TLS") as caught:
        ask(backend.origin.replace("http:", "https:"), WRITE, 5)
    assert (caught.value.passing, caught.value.certain) == (False, True)
    assert time.monotonic() - started < 2


def test_a_mute_tls_handshake_is_surely_not_sent() -> None:
    with listener() as (_, address), pytest.raises(NotReached):
        ask(f"https://{address}", WRITE, 0.5)


def test_a_certificate_nobody_trusts_is_told_apart(untrusted_origin: str) -> None:
    with pytest.raises(NotReached, match="is not trusted") as caught:
        ask(untrusted_origin, WRITE, 5)
    assert not caught.value.passing
    assert "SSL_CERT_FILE" in caught.value.hint


def test_a_cancelled_request_ends_at_once_also_while_waiting_to_retry(backend: StandIn) -> None:
    for reply in (Reply(gate=threading.Event()), error(503, "busy", "Busy.", Retry_After="30")):
        backend.replies["/v1/me"] = reply
        hangup = Hangup()
        count = len(backend.seen)
        threading.Thread(target=lambda h=hangup, n=count: (backend.wait_for("/v1/me", n + 1), h.cut(CANCELLED))).start()
        started = time.monotonic()
        with pytest.raises(CallCancelled):
            ask(backend.origin, READ, 20, hangup)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("header", "tries"), [("0", 5), ("garbage", 1), ("-1", 1), ("", 1), ("Thu, 01 Jan 1970 00:00:00 GMT", 5)]
)
def test_a_busy_server_is_asked_again_when_it_says_when(backend: StandIn, header: str, tries: int) -> None:
    backend.replies["/v1/me"] = error(503, "busy", "Busy.", Retry_After=header)
    with pytest.raises(Refused):
        ask(backend.origin, READ, 10)
    assert len(backend.seen) == tries


def test_a_wait_of_centuries_is_cut_to_the_deadline(backend: StandIn) -> None:
    backend.replies["/v1/me"] = error(429, "slow", "Slow.", Retry_After="1000000000")
    started = time.monotonic()
    with pytest.raises(Refused) as caught:
        ask(backend.origin, READ, 0.5)
    assert caught.value.wait == 30
    assert time.monotonic() - started < 3


def test_an_answer_without_end_is_not_read_to_its_end(backend: StandIn) -> None:
    backend.replies["/v1/me"] = Reply(body=b'{"x":"' + b"y" * (17 << 20) + b'"}')
    with pytest.raises(OutcomeUnknown, match="larger than 16 MiB"):
        ask(backend.origin, READ, 20)


def test_a_redirect_is_not_followed_and_the_key_stays_here(backend: StandIn) -> None:
    with listener() as (elsewhere, address):
        backend.replies["/v1/me"] = Reply(307, b"", {"Location": f"http://{address}/v1/me"})
        with pytest.raises(Refused, match="redirects"):
            ask(backend.origin, READ)
        elsewhere.setblocking(False)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_a_proxy_of_the_environment_never_sees_loopback_traffic(
    backend: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert ask(backend.origin, WRITE) == {"tool": "write_it", "arguments": {}}


def test_a_kept_connection_that_the_server_closed_is_replaced(backend: StandIn) -> None:
    with closing(Backend(backend.origin, Alarms())) as ours:
        ours.ask(READ, make_key())
        for connection in list(backend.connections):
            connection.shutdown(socket.SHUT_RDWR)
        assert ours.ask(WRITE, make_key()).status == 200


def test_no_error_shows_the_key(backend: StandIn) -> None:
    backend.keys.clear()
    for origin in (backend.origin, f"http://127.0.0.1:{free_port()}"):
        with pytest.raises(CallFailed) as caught:
            ask(origin, READ)
        assert make_key() not in f"{caught.value!r}{caught.value.text}{caught.getrepr(showlocals=False)}"
    with pytest.raises(KeyRefused):
        ask(backend.origin, READ)


@pytest.fixture
def untrusted_origin(tmp_path: object) -> Iterator[str]:
    """A TLS server whose certificate it signed itself."""
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    with listener() as (server, address):

        def serve() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    with connection:
                        try:
                            context.wrap_socket(connection, server_side=True).close()
                        except OSError:
                            continue
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://{address}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def self_signed(folder: object) -> tuple[str, str]:
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address
    from pathlib import Path

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    assert isinstance(folder, Path)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(certificate_file), str(key_file)
