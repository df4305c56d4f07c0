"""What the tests of the page call and measure."""

from playwright.sync_api import FloatRect, Locator

from tests.server.live import LiveServer


def write(server: LiveServer, title: str, text: str) -> str:
    return str(server.call("create_document", project="WEB", title=title, text=text)["key"])


def decide(server: LiveServer, title: str, **fields: object) -> str:
    return str(server.call("create_decision", title=title, project="WEB", **fields)["key"])


def text_of(server: LiveServer, key: str) -> str:
    return str(server.call("get_item", key=key)["text"])


def box(shown: Locator) -> FloatRect:
    """Where it is; it has to be seen."""
    found = shown.bounding_box()
    assert found is not None
    return found
