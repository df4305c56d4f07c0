"""Liveness without the database, so that a check never keeps a sleeping database awake; readiness with it."""

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from turbo_server.kit.database import Database
from turbo_server.kit.database_errors import DatabaseNotMigrated
from turbo_server.migrations.version import head, stored_version

from .rest import PROMISED, rendered


def health_routes(database: Database) -> list[Route]:
    async def health(_request: Request) -> Response:
        return Response(b'{"status":"ok"}', media_type="application/json", headers=PROMISED)

    async def ready(_request: Request) -> Response:
        async with database.connection() as db:
            version = await stored_version(db)
        if version != head():
            raise DatabaseNotMigrated(version, head())
        body = {"status": "ready", "database": str(database.dialect), "migration": version}
        return Response(to_json(body), media_type="application/json")

    return [Route("/health", health, methods=["GET"]), Route("/ready", rendered(ready), methods=["GET"])]
