"""No tool and no endpoint sends data out: whatever it is asked, it speaks with the database alone. What is to be sent
becomes a job; beside the calls, turbo_server/webhook/sending.py alone connects to where somebody else has chosen."""

import socket
import subprocess
from typing import Any

import pytest

from tests.server.harness import Turbo
from tests.server.test_results import CALLS, prepare
from turbo_server.webhook.addresses import read_target
from turbo_server.webhook.sending import Outgoing, send


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)  # a file: no socket is its own
def test_no_tool_sends_anything_out(turbo: Turbo, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection, no look-up of a name, no program."""
    prepare(turbo)

    def refuse(*given: object, **_options: object) -> Any:
        raise AssertionError(f"data was about to leave: {given[1:]!a}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(AssertionError):
        socket.create_connection(("127.0.0.1", 9))
    turbo.call("add_comment", key="TURBO", text="@architect http://127.0.0.1:9/")
    made = turbo.ada.ask("POST", "/v1/webhooks", url="https://example.com/hook")
    turbo.ada.ask("POST", "/v1/webhooks/test", id=made["id"])
    for tool, arguments in CALLS:
        turbo.call(tool, **arguments)
    turbo.call("restore_item", key="TURBO")
    turbo.call("create_document", project="TURBO", title="http://127.0.0.1:9/", text="![x](http://127.0.0.1:9/x.png)")
    assert "x.png" in turbo.call("get_item", key="TURBO-D2")["text"]
    with pytest.raises(AssertionError, match="was about to leave"):
        turbo.run(send(Outgoing(read_target("https://example.com/", is_hosted=True), {}, b""), is_hosted=True))
