"""What a business is to us."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from concierge.api.scopes import Scope
from concierge.api.values import Name

DefaultAction = Literal["remind", "remind_and_draft"]


class Tenant(Struct, frozen=True):
    """A business. zone (IANA), tone and default_action hold for contacts that chose nothing."""

    id: UUID
    name: str
    zone: str
    tone: str
    default_action: DefaultAction
    unknown_senders: Literal["create", "ignore"]


class ApiKey(Struct, frozen=True, kw_only=True):
    """A key, without what opens: that is kept only as a hash."""

    id: UUID
    name: str
    scopes: list[str]
    prefix: str | None
    created_at: datetime
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class ShownApiKey(ApiKey, frozen=True, kw_only=True):
    """A key just made. `key` is shown this once."""

    key: str


class NewApiKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that is wanted."""

    name: Name
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=50)]
