"""What went wrong, as a page: in the words of the API's problems, without its JSON."""

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from psycopg import OperationalError

from concierge.console.rendering import plain
from concierge.errors import Invalid, Rejected
from concierge.log import logger

AnyRequest = Request[Any, Any, Any]

log = logger(__name__)


def on_surprise(request: AnyRequest, error: Exception) -> Response[str]:
    """A fault of ours: the log knows more."""
    log.error("surprise", path=request.url.path, error=type(error).__name__, exc_info=error)
    reason = "Something went wrong on our side. It is in the log; try again, or tell whoever runs this machine."
    return _refused(500, reason)


def on_database_away(request: AnyRequest, error: OperationalError) -> Response[str]:
    """Nobody's fault here: the same may work in a moment."""
    log.warning("database away", path=request.url.path, error=type(error).__name__)
    return _refused(503, "The database does not answer. Nothing that was saved is lost; try again in a moment.")


def on_http_exception(_request: AnyRequest, error: HTTPException) -> Response[str]:
    """A refusal of the framework's: an address that no page of ours leads to."""
    reason = "There is no such page." if error.status_code == 404 else "Something in this address or form is not ours."
    return _refused(error.status_code, reason)


def on_rejected(_request: AnyRequest, error: Rejected) -> Response[str]:
    """A refusal, with everything that is at fault."""
    faults = error.faults if isinstance(error, Invalid) else ()
    return _refused(error.status, str(error), faults)


def _refused(code: int, reason: str, faults: object = ()) -> Response[str]:
    return plain("refused", code, code=code, reason=reason, faults=faults)
