"""Is it alive, and may it get requests?"""

import asyncio

from litestar import HttpMethod, Response, route
from litestar.di import NamedDependency
from psycopg import OperationalError

from concierge.postgres.migrate import pending
from concierge.runtime import Runtime

METHODS = (HttpMethod.GET, HttpMethod.HEAD)  # many monitors ask for no more than the status


@route("/health", http_method=METHODS)
async def alive() -> dict[str, str]:
    """The process answers; nobody else is asked."""
    return {"status": "ok"}


@route("/health/ready", http_method=METHODS)
async def ready(runtime: NamedDependency[Runtime]) -> Response[dict[str, str]]:
    """The database answers within two seconds and has every migration; else 503 with the reason."""
    try:
        async with asyncio.timeout(2), runtime.connection() as conn:
            missing = await pending(conn)
    except (OperationalError, TimeoutError):
        return Response({"status": "database away"}, status_code=503)
    if missing:
        return Response({"status": f"{len(missing)} migrations pending"}, status_code=503)
    return Response({"status": "ready"})
