"""GET /metrics: what this process has counted, for an admin key."""

from starlette.requests import Request
from starlette.responses import Response

from turbo_server.kit.errors import ScopeMissing
from turbo_server.kit.metrics import Metrics
from turbo_server.kit.runner import Runner
from turbo_server.kit.scope import Scope

from .routes import Admission, Keyed

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


def metrics_routes(runner: Runner, metrics: Metrics) -> list[Keyed]:
    async def tell(_request: Request, admission: Admission) -> Response:
        actor = await admission.identify()
        if not actor.scope.includes(Scope.ADMIN):
            raise ScopeMissing("/metrics", Scope.ADMIN, actor.scope)
        return Response(metrics.text(), headers={"Content-Type": TEXT_FORMAT, "Cache-Control": "no-store"})

    return [Keyed("/metrics", tell, runner, methods=["GET"])]
