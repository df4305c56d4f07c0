"""Webhooks: what happens is told once to each receiver, signed, and to nobody more than they may see."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.server.at_present import clock, turbo
from tests.server.clock import Clock
from tests.server.harness import Turbo
from tests.server.hook_calls import PATH, deliveries, make
from tests.server.receiver import Receiver, receiver
from turbo_server.webhook.deliver import DELAYS

__all__ = ["clock", "turbo"]


@pytest.fixture
def somebody() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def is_genuine(secret: str, head: dict[str, str], body: bytes) -> bool:
    """As a receiver does it: the recipe of standardwebhooks.com, written out here a second time."""
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    return any(hmac.compare_digest(f"v1,{expected}", each) for each in head["webhook-signature"].split())


def test_what_happens_is_told_in_order_signed_and_once(turbo: Turbo, somebody: Receiver) -> None:
    turbo.call("create_project", key="OLD", name="Before there was a webhook")
    made = make(turbo.ada, somebody)
    turbo.call("create_project", key="TURBO", name="Turbo")
    for number in range(12):
        turbo.call("create_issue", project="TURBO", title=f"Issue {number}")
    turbo.call("add_comment", key="TURBO-1", text="漢字 says")
    turbo.catch_up()
    turbo.catch_up()
    told = somebody.told
    in_order = sorted(told, key=lambda each: each["sequence"])
    assert [each["type"] for each in in_order] == ["project.created", *["issue.created"] * 12, "issue.commented"]
    assert [each["data"]["key"] for each in in_order[1:13]] == [f"TURBO-{number}" for number in range(1, 13)]
    assert {"field": "text", "after": "漢字 says"} in in_order[-1]["data"]["changes"]
    assert len({head["webhook-id"] for head in somebody.heads}) == len(told) == 14
    assert all(
        is_genuine(made["secret"], head, body) for head, body in zip(somebody.heads, somebody.bodies, strict=True)
    )
    assert not is_genuine(made["secret"], somebody.heads[0], somebody.bodies[0] + b" ")
    (shown,) = turbo.ada.ask("GET", PATH)["items"]
    assert (shown["waiting"], shown["dead"], shown["person"]) == (0, 0, "ada")
    assert "secret" not in json.dumps(shown)


def test_a_call_that_writes_pays_nothing_for_a_webhook(turbo: Turbo, somebody: Receiver) -> None:
    """Not one statement."""
    turbo.call("create_project", key="TURBO", name="Turbo")
    counted = []
    for _ in range(2):
        with turbo.counting() as seen:
            turbo.call("create_issue", project="TURBO", title="x")
        counted.append(len(seen))
        make(turbo.ada, somebody)
    assert counted[0] == counted[1]


def test_where_there_is_no_webhook_the_events_are_not_read(turbo: Turbo) -> None:
    turbo.catch_up()
    turbo.call("create_project", key="TURBO", name="Turbo")
    with turbo.counting() as seen:
        turbo.background.pump._happened()
        turbo.catch_up()
    assert not any("from events" in each for each in seen)


def test_filters_all_combine(turbo: Turbo, somebody: Receiver) -> None:
    for key in ("TURBO", "OTHER"):
        turbo.call("create_project", key=key, name=key)
    make(turbo.ada, somebody, kinds=["issue"], actions=["created"], projects=["turbo"])
    for key in ("TURBO", "OTHER"):
        turbo.call("create_issue", project=key, title="x")
        turbo.call("update_issue", key=f"{key}-1", status="done")
    turbo.call("create_decision", title="x", outcome="y")
    turbo.catch_up()
    assert [(each["type"], each["data"]["key"]) for each in somebody.told] == [("issue.created", "TURBO-1")]
    (shown,) = turbo.ada.ask("GET", PATH)["items"]
    assert (shown["kinds"], shown["actions"], shown["projects"]) == (["issue"], ["created"], ["TURBO"])


def test_a_receiver_that_is_away_is_told_later_under_the_same_id(
    turbo: Turbo, clock: Clock, somebody: Receiver
) -> None:
    made = make(turbo.ada, somebody)
    somebody.answers[:] = [500, 429]
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.catch_up()
    (delivery,) = deliveries(turbo.ada, made["id"])
    assert (delivery["state"], delivery["status"], delivery["error"]) == ("waiting", 500, "it answered 500")
    assert "failing_since" in turbo.ada.ask("GET", PATH)["items"][0]
    for _ in range(2):
        clock.now += timedelta(minutes=10)
        turbo.catch_up()
    (delivery,) = deliveries(turbo.ada, made["id"])
    assert (delivery["state"], delivery["attempts"], delivery["status"]) == ("delivered", 3, 204)
    assert len({head["webhook-id"] for head in somebody.heads}) == 1
    assert len({head["webhook-signature"] for head in somebody.heads}) == 3
    assert "failing_since" not in turbo.ada.ask("GET", PATH)["items"][0]


def test_after_more_than_a_day_a_delivery_is_dead_and_can_be_sent_again(
    turbo: Turbo, clock: Clock, somebody: Receiver
) -> None:
    made = make(turbo.ada, somebody)
    somebody.answers[:] = [500] * (len(DELAYS) + 1)
    turbo.call("create_project", key="TURBO", name="Turbo")
    began = clock.now
    turbo.catch_up()
    for delay in DELAYS:
        clock.now += timedelta(seconds=delay * 1.3)
        turbo.catch_up()
    assert clock.now - began > timedelta(days=1)
    (delivery,) = deliveries(turbo.ada, made["id"], state="dead")
    assert (delivery["attempts"], delivery["error"]) == (len(DELAYS) + 1, "it answered 500")
    assert turbo.ada.ask("GET", PATH)["items"][0]["dead"] == 1
    assert turbo.ada.ask("POST", f"{PATH}/redeliver", id=made["id"]) == {"deliveries": 1}
    assert turbo.ada.ask("POST", f"{PATH}/redeliver", id=made["id"]) == {"deliveries": 0}
    turbo.catch_up()
    assert deliveries(turbo.ada, made["id"])[0]["state"] == "delivered"
    one = deliveries(turbo.ada, made["id"])[0]["id"]
    assert turbo.ada.ask("POST", f"{PATH}/redeliver", id=made["id"], delivery=one) == {"deliveries": 1}
    turbo.catch_up()
    assert len({head["webhook-id"] for head in somebody.heads}) == 1


def test_one_that_is_gone_for_good_is_not_asked_again(turbo: Turbo, somebody: Receiver) -> None:
    made = make(turbo.ada, somebody)
    somebody.answers[:] = [410]
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.catch_up()
    assert deliveries(turbo.ada, made["id"])[0]["state"] == "dead"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 10_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 5,
        b"",
    ],
)
def test_no_answer_leads_anywhere_or_is_read_without_end(turbo: Turbo, somebody: Receiver, answer: bytes) -> None:
    made = make(turbo.ada, somebody)
    somebody.answers[:] = [answer]
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.catch_up()
    (delivery,) = deliveries(turbo.ada, made["id"])
    assert (delivery["state"], delivery["attempts"]) == ("waiting", 1)
    assert len(somebody.bodies) == 1


def test_a_test_message_comes_by_itself(turbo: Turbo, somebody: Receiver) -> None:
    made = make(turbo.ada, somebody)
    sent = turbo.ada.ask("POST", f"{PATH}/test", id=made["id"])
    turbo.catch_up()
    (told,) = somebody.told
    assert told["type"] == "webhook.test"
    assert "data" not in told
    assert [each["id"] for each in deliveries(turbo.ada, made["id"])] == [sent["delivery"]]


def test_nothing_is_sent_after_the_end(turbo: Turbo, somebody: Receiver) -> None:
    made = make(turbo.ada, somebody)
    turbo.call("create_project", key="TURBO", name="Turbo")
    assert turbo.ada.ask("DELETE", PATH, id=made["id"])["deleted"]
    turbo.catch_up()
    assert somebody.bodies == []
    told = [each["action"] for each in turbo.call("read_audit")["items"]]
    assert [each for each in told if "webhook" in each] == ["webhook_deleted", "webhook_made"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "only https"),
        ("ftp://example.com/", "no https"),
        ("https://user:pass@example.com/", "user or a password"),
        ("https:///x", "no https"),
        ("https://exa mple.com/", "no plain"),
        ("https://example.com/\r\nX: y", "no plain"),
        ("https://example.com:99999/", "cannot be read"),
        ("https://example.com:0/", "port 0"),
        (f"https://example.com/{'x' * 2000}", "no plain"),
    ],
)
def test_an_address_that_no_webhook_may_lead_to_is_refused(turbo: Turbo, url: str, why: str) -> None:
    with pytest.raises(Exception, match=why):
        turbo.ada.ask("POST", PATH, url=url)


def test_only_owners_have_webhooks(turbo: Turbo, somebody: Receiver) -> None:
    member = turbo.person("jonas")
    with pytest.raises(Exception, match="role_missing"):
        make(member, somebody)
    with pytest.raises(Exception, match="role_missing"):
        member.ask("GET", PATH)
