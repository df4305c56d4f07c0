"""Prints the server's OpenAPI document, as the page's types are made from it: `make web-types`."""

import json

from turbo_server.app import create_app
from turbo_server.doors.openapi import openapi_document
from turbo_server.settings import Settings


def document() -> str:
    app = create_app(Settings(database_url="sqlite:////dev/null"))
    return json.dumps(openapi_document(app.state.catalogue), indent=1) + "\n"


if __name__ == "__main__":
    print(document(), end="")
