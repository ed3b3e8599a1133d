"""What went wrong, as a page: in the words of the API's problems, without its JSON."""

from typing import Any

from litestar import Request, Response

from concierge.console.rendering import plain
from concierge.errors import Invalid, Rejected
from concierge.log import logger

log = logger(__name__)


def on_surprise(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """A fault of ours: the log knows more."""
    log.error("surprise", path=request.url.path, error=type(error).__name__, exc_info=error)
    reason = "Something went wrong on our side. It is in the log; try again, or tell whoever runs this machine."
    return plain("refused", 500, code=500, reason=reason, faults=())


def on_rejected(_request: Request[Any, Any, Any], error: Rejected) -> Response[str]:
    """A refusal, with everything that is at fault."""
    faults = error.faults if isinstance(error, Invalid) else ()
    return plain("refused", error.status, code=error.status, reason=str(error), faults=faults)
