"""As Fly's proxy before a machine that sleeps: it takes a connection at once, and holds it until the server is up."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

LIMIT_SECONDS = 120.0


@contextlib.contextmanager
def holding_proxy(port: int) -> Iterator[int]:
    """Its own port; `port` is the server's, which may come later."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener: socket.socket, port: int) -> None:
    with contextlib.suppress(OSError):  # closed: the end
        while True:
            caller, _ = listener.accept()
            threading.Thread(target=_join, args=(caller, port), daemon=True).start()


def _join(caller: socket.socket, port: int) -> None:
    with caller, contextlib.suppress(OSError), _reached(port) as server:
        back = threading.Thread(target=_pump, args=(server, caller), daemon=True)
        back.start()
        _pump(caller, server)
        back.join()


def _reached(port: int) -> socket.socket:
    deadline = time.monotonic() + LIMIT_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
