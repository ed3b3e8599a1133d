"""The widget's endpoints. Whoever opens a session is held against the account's pages; then its token speaks for it."""

from typing import Annotated, TypeVar
from uuid import UUID

from litestar import Router, get, post, route
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from litestar.types import ASGIApp
from msgspec.json import Decoder

from concierge.channels.decoding import decoded
from concierge.errors import Malformed, Missing
from concierge.log import correlate
from concierge.webchat import acknowledging, talking
from concierge.webchat.admission import AnyRequest, Desk, Visitor, provide_visitor
from concierge.webchat.cors import cors
from concierge.webchat.model import Acknowledged, Kept, Opened, Opening, Page, Posted
from concierge.webchat.opening import open_session
from concierge.webchat.origins import check
from concierge.webchat.script import widget
from concierge.webchat.streaming import EventStream
from concierge.webchat.uploading import LARGEST_FILE

LARGEST_BODY = 64 * 1024  # bytes; 4,000 characters may be 48,000 bytes of escapes
PAGE = 100
LONGEST_ID = 100  # digits

T = TypeVar("T")
_opening, _posted, _acknowledged = Decoder(Opening), Decoder(Posted), Decoder(Acknowledged)


@post("/sessions", status_code=201)
async def open_one(request: AnyRequest, desk: NamedDependency[Desk]) -> Opened:
    """A session for a visitor, new or old, and a token for an hour."""
    desk.limits.sessions.take(request.client.host if request.client else None)
    wish = await _read(request, _opening)
    account = (await desk.directory.find("webchat", {wish.widget})).get(wish.widget)
    if account is None:
        raise Missing("there is no such widget")
    check(account, request.headers.get("origin"))
    return await open_session(desk.runtime, account, wish)


@post("/sessions/{id:uuid}/messages", status_code=200)
async def post_one(
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    desk: NamedDependency[Desk],
    correlation: NamedDependency[str],
) -> Kept:
    """Keep a message; under the same `client_message_id` it is the same message."""
    desk.limits.messages.take(visitor.session.id)
    posted = await _read(request, _posted)
    with correlate(correlation):
        return await talking.keep_text(desk, visitor, posted, correlation)


@post("/sessions/{id:uuid}/files", status_code=200, request_max_body_size=LARGEST_FILE)
async def post_file(
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    desk: NamedDependency[Desk],
    correlation: NamedDependency[str],
    client_message_id: FromQuery[UUID],
    name: FromQuery[str],
) -> Kept:
    """Keep a file, the body as it is; under the same `client_message_id` it is the same message."""
    desk.limits.messages.take(visitor.session.id)
    content, said = await request.body(), request.headers.get("content-type")
    with correlate(correlation):
        return await talking.keep_file(
            desk, visitor, content, id=client_message_id, name=name, said=said, correlation=correlation
        )


@get("/sessions/{id:uuid}/messages")
async def list_some(
    visitor: NamedDependency[Visitor],
    desk: NamedDependency[Desk],
    after: Annotated[int, QueryParameter(ge=0, le=2**62)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE)] = PAGE,
) -> Page:
    """What was said after a number, by both sides, oldest first."""
    return await talking.listed(desk.runtime, visitor.session, after=after, limit=limit)


@post("/sessions/{id:uuid}/ack", status_code=204)
async def acknowledge(request: AnyRequest, visitor: NamedDependency[Visitor], desk: NamedDependency[Desk]) -> None:
    """The widget has everything up to a number: receipts for our messages."""
    await acknowledging.acknowledge(desk.runtime, visitor.session, await _read(request, _acknowledged))


@get("/sessions/{id:uuid}/events")
async def follow(
    request: AnyRequest,
    visitor: NamedDependency[Visitor],
    desk: NamedDependency[Desk],
    last_event_id: FromQuery[str | None] = None,
) -> ASGIApp:
    """Server-sent events: what was said after Last-Event-ID (header, or `last_event_id`), then what is being said."""
    given = request.headers.get("last-event-id") or last_event_id or "0"
    if not (given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID):
        raise Malformed("Last-Event-ID is not a number of ours", pointer="/last_event_id")
    # a number from beyond the end (a database restored) must not silence the stream
    after = min(int(given), visitor.session.last_seq)
    return EventStream(desk.streams, desk.limits, visitor.session, after=after, expires_at=visitor.claims.expires_at)


@route(
    ["/sessions", *(f"/sessions/{{id:uuid}}/{each}" for each in ("messages", "files", "events", "ack"))],
    http_method="OPTIONS",
    include_in_schema=False,
)
async def preflight() -> None:
    """Answered by `cors`, which stands before it."""


async def provide_desk(state: State) -> Desk:
    """What the process's web chats share."""
    desk: Desk = state.desk
    return desk


router = Router(
    path="/webchat",
    dependencies={"desk": Provide(provide_desk), "visitor": Provide(provide_visitor)},
    middleware=[cors],
    request_max_body_size=LARGEST_BODY,
    route_handlers=[widget, open_one, post_one, post_file, list_some, acknowledge, follow, preflight],
)


async def _read(request: AnyRequest, decoder: Decoder[T]) -> T:
    return decoded(decoder, await request.body())
