"""What a widget says and what it is told. Times are RFC 3339; `seq` counts from 1 within a session."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

LONGEST_TEXT = 4_000  # characters


class Opening(Struct, kw_only=True, frozen=True):
    """A widget asks for a session: as nobody in particular, as a proven user, or to renew the one it has."""

    widget: Annotated[str, Meta(min_length=1, max_length=200)]  # external id of the channel account
    user_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None  # the page's own id of its user
    user_hash: Annotated[str, Meta(max_length=200)] | None = None  # hex HMAC-SHA256(identity secret, user_id)
    name: Annotated[str, Meta(max_length=200)] | None = None
    token: Annotated[str, Meta(max_length=1_000)] | None = None  # of the session to renew


class Posted(Struct, kw_only=True, frozen=True):
    """A message of the visitor's. Posting it again under the same id changes nothing."""

    client_message_id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]


class Acknowledged(Struct, kw_only=True, frozen=True):
    """The widget has everything up to `seq`; with `read`, the visitor has seen it."""

    seq: Annotated[int, Meta(ge=1, le=2**62)]
    read: bool = False


class Session(Struct, kw_only=True, frozen=True):
    """One visitor of one widget, whatever tab or device."""

    id: UUID
    tenant_id: UUID
    channel_account_id: UUID
    widget: str
    address: str  # value of the contact identity of kind webchat
    conversation_id: UUID | None  # the open one; None before the first message
    last_seq: int
    delivered_seq: int
    read_seq: int


class Event(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One message, in or out, as the visitor sees it."""

    seq: int
    direction: Literal["in", "out"]
    id: UUID
    client_message_id: str | None = None  # only where `in`
    text: str
    at: datetime


class Opened(Struct, kw_only=True, frozen=True):
    """A session and the token that proves it."""

    session: UUID
    token: str
    expires_at: datetime
    renewable_until: datetime
    conversation: UUID | None
    last_seq: int
    delivered_seq: int
    read_seq: int


class Page(Struct, kw_only=True, frozen=True):
    """Messages after a number, oldest first; the last one's `seq` asks for the next page."""

    data: list[Event]
    has_more: bool
    last_seq: int
    delivered_seq: int
    read_seq: int


class Kept(Struct, kw_only=True, frozen=True):
    """What became of a message."""

    id: UUID
    client_message_id: UUID
    seq: int
    status: Literal["accepted", "duplicate"]
