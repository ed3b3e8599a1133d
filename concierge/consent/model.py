"""What is known about who must not be written to."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Scope = Literal["all", "marketing"]
Source = Literal["word", "platform", "unsubscribe", "operator"]


class Suppression(Struct, frozen=True, rename="camel"):
    """An address that is not to be written to."""

    id: UUID
    channel: str
    kind: str
    value: str
    scope: Scope
    reason: str
    source: Source
    at: datetime


class Listed(Struct, frozen=True, kw_only=True):
    """A suppression as the API shows it."""

    id: UUID
    channel: str
    kind: str
    value: str
    scope: Scope
    reason: str
    source: Source
    at: datetime
    lifted_at: datetime | None


class Sender(Struct, frozen=True):
    """The business that writes to somebody, and the language it does so in."""

    name: str
    language: str


class Reader(Struct, frozen=True):
    """Whom an unsubscribe link is for."""

    tenant_id: UUID
    identity_id: UUID
