"""Is it alive, and may it get requests?"""

from litestar import HttpMethod, Response, route
from litestar.di import NamedDependency
from psycopg import OperationalError

from concierge.postgres.migrate import pending
from concierge.runtime import Runtime
from concierge.web.patience import within

ASKING = 2.0  # seconds
METHODS = (HttpMethod.GET, HttpMethod.HEAD)  # many monitors ask for no more than the status


@route("/health", http_method=METHODS)
async def alive() -> dict[str, str]:
    """The process answers; nobody else is asked."""
    return {"status": "ok"}


@route("/health/ready", http_method=METHODS)
async def ready(runtime: NamedDependency[Runtime]) -> Response[dict[str, str]]:
    """The database answers within two seconds and has every migration; else 503 with the reason."""
    try:
        missing = await within(ASKING, _missing(runtime))
    except (OperationalError, TimeoutError):
        return Response({"status": "database away"}, status_code=503)
    if missing:
        return Response({"status": f"{len(missing)} migrations pending"}, status_code=503)
    return Response({"status": "ready"})


async def _missing(runtime: Runtime) -> list[str]:
    async with runtime.connection() as conn:
        return await pending(conn)
