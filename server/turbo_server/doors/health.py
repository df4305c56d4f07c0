"""Liveness without the database, so that a check never keeps a sleeping database awake; readiness with it."""

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from turbo_server.kit.answer import render
from turbo_server.kit.database import Database
from turbo_server.kit.errors import TurboError
from turbo_server.migrations.version import stored_schema

from .routes import PROMISED, Open, response


def health_routes(database: Database) -> list[Open]:
    async def health(_request: Request) -> Response:
        return Response(b'{"status":"ok"}', media_type="application/json", headers=PROMISED)

    async def ready(_request: Request) -> Response:
        try:
            async with database.connection() as db:
                schema = await stored_schema(db)
            schema.require_use()
        except TurboError as error:
            return response(render(error))
        body = {"status": "ready", "database": str(database.dialect), "migration": schema.version_num}
        return Response(to_json(body), media_type="application/json")

    return [Open("/health", health, methods=["GET"]), Open("/ready", ready, methods=["GET"])]
