"""What went wrong, as a page: in the words of the API's problems, without its JSON."""

from typing import Any

from litestar import Request, Response

from concierge.console.rendering import plain
from concierge.errors import Invalid, Rejected


def on_rejected(_request: Request[Any, Any, Any], error: Rejected) -> Response[str]:
    """A refusal, with everything that is at fault."""
    faults = error.faults if isinstance(error, Invalid) else ()
    return plain("refused", error.status, code=error.status, reason=str(error), faults=faults)
