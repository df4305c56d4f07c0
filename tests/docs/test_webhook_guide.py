"""What the guide on webhooks tells a receiver to do is right: its Python is run against the server's own signatures."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from turbo_server.webhook.deliver import DELAYS
from turbo_server.webhook.signature import signed_headers

GUIDE = (Path(__file__).parents[2] / "docs/guides/webhooks.md").read_text(encoding="utf-8")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # of the specification's own example
BODY = '{"text": "漢字"}'.encode()


@pytest.fixture(scope="module")
def is_genuine() -> Any:
    (code,) = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own guide
    return names["is_genuine"]


def headers(age: timedelta = timedelta()) -> dict[str, str]:
    return signed_headers(SECRET, "msg_1", datetime.now(UTC) - age, BODY)


def test_the_guides_code_takes_what_the_server_signs(is_genuine: Any) -> None:
    assert is_genuine(SECRET, headers(), BODY)
    two = headers() | {"webhook-signature": f"v1,bm9uZQ== {headers()['webhook-signature']}"}
    assert is_genuine(SECRET, two, BODY)


@pytest.mark.parametrize("changed", ["body", "id", "moment", "secret", "age"])
def test_and_nothing_else(is_genuine: Any, changed: str) -> None:
    given = headers(timedelta(minutes=6) if changed == "age" else timedelta())
    if changed == "id":
        given["webhook-id"] = "msg_2"
    if changed == "moment":
        given["webhook-timestamp"] = str(int(given["webhook-timestamp"]) - 1)
    secret = SECRET[:-4] + "aaaa" if changed == "secret" else SECRET
    assert not is_genuine(secret, given, BODY + b" " if changed == "body" else BODY)


def test_a_signature_is_that_of_the_specifications_example() -> None:
    moment = datetime.fromtimestamp(1614265330, UTC)
    signed = signed_headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", moment, b'{"test": 2432232314}')
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_delays_are_those_of_the_guide() -> None:
    assert "5 seconds, 5 minutes, half an hour, 2, 5, 10 and 10 hours" in GUIDE
    assert DELAYS == (5, 300, 1800, 7200, 18000, 36000, 36000)
