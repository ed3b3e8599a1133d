"""The request of every endpoint that takes JSON."""

from typing import Any

from litestar import Request

from concierge.api.bodies import decode
from concierge.errors import UnsupportedMedia


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded strictly, as the type of the handler's `data`."""

    async def json(self) -> Any:
        """The body as the handler wants it. Raises UnsupportedMedia, Malformed, Invalid."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise UnsupportedMedia
        wanted = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return decode(await self.body(), wanted)
