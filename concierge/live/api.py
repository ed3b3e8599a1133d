"""Live events of a tenant."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.types import ASGIApp

from concierge.api.caller import Caller
from concierge.api.scopes import needs
from concierge.errors import Malformed
from concierge.live.streaming import EventStream
from concierge.live.tail import Tail

LONGEST = 18  # digits


@get("/events", opt=needs("events:read") | {"streams": True})
async def follow_events(
    request: Request[Any, Any, Any],
    state: State,
    caller: NamedDependency[Caller],
    last_event_id: Annotated[
        str | None, QueryParameter(max_length=LONGEST, description="For clients that cannot send Last-Event-ID")
    ] = None,
) -> ASGIApp:
    """Server-sent events: each move of each thing of the tenant, as it happens, each once and in order.

    `event` is what happened (`outbound_message.sent`, `task.done`), `data` the entry of the audit log, `id` its number.
    From now on, or everything after `Last-Event-ID` (header, or `last_event_id`). The last event of a stream is `end`,
    with a reason: `restarting`, or `revoked` where the key opens nothing any more. A key may have five streams open.
    """
    tail: Tail = state.tail
    newest = await tail.newest()
    given = request.headers.get("last-event-id") or last_event_id
    if given is None:
        return EventStream(tail, caller, after=newest)
    if not (given.isascii() and given.isdecimal() and len(given) <= LONGEST):
        raise Malformed("Last-Event-ID is not a number of ours", pointer="/last_event_id")
    # a number from beyond the end (a database restored) must not silence the stream
    return EventStream(tail, caller, after=min(int(given), newest))


HANDLERS = (follow_events,)
