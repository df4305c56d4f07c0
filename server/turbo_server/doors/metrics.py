"""GET /metrics: what this process has counted, for an admin key."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from turbo_server.kit.metrics import Metrics
from turbo_server.kit.runner import Runner
from turbo_server.kit.scope import Scope

from .auth import caller_of, token_of
from .rest import rendered

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


def metrics_routes(runner: Runner, metrics: Metrics) -> list[Route]:
    async def tell(request: Request) -> Response:
        await runner.identify(token_of(request), caller_of(request), Scope.ADMIN)
        return Response(metrics.text(), headers={"Content-Type": TEXT_FORMAT, "Cache-Control": "no-store"})

    return [Route("/metrics", rendered(tell), methods=["GET"])]
