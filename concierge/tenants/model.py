"""What a business is to us."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

DefaultAction = Literal["remind", "remind_and_draft"]


class Tenant(Struct, frozen=True):
    """A business. zone (IANA), tone and default_action hold for contacts that chose nothing."""

    id: UUID
    name: str
    zone: str
    tone: str
    default_action: DefaultAction
    unknown_senders: Literal["create", "ignore"]


class Caller(Struct, frozen=True):
    """Who stands behind an API key."""

    tenant_id: UUID
    key_id: UUID
    scopes: list[str]

    def may(self, scope: str) -> bool:
        """Whether the key holds `scope`; `admin:*` holds everything."""
        return scope in self.scopes or "admin:*" in self.scopes
