"""Which methods a path takes; the framework's own answer to OPTIONS is of the time when the path had one of them."""

from functools import lru_cache

from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.types import Scope, Send


async def tell_methods(scope: Scope, send: Send) -> None:
    """The answer to OPTIONS."""
    allowed = _methods(scope["litestar_app"])[scope["path_template"]]
    await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", allowed)]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@lru_cache(maxsize=4)
def _methods(app: Litestar) -> dict[str, bytes]:
    """By path, as it is written where it is registered."""
    routes = (route for route in app.routes if isinstance(route, HTTPRoute))
    return {route.path_format: ", ".join(sorted(route.methods)).encode() for route in routes}
