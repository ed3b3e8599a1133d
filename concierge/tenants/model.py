"""What a business is to us."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.scopes import Scope
from concierge.api.values import Email, ExternalId, Hour, Language, Name, Zone

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


class Business(Struct, frozen=True, kw_only=True):
    """A tenant, as the API shows it. What contacts did not choose for themselves holds for them from here.

    `send_gap_seconds`: least time between any two of its messages, over all its accounts; null: none.
    """

    id: UUID
    external_id: str | None
    name: str
    email: str | None
    zone: str
    language: str
    tone: str
    default_action: DefaultAction
    unknown_senders: Literal["create", "ignore"]
    quiet_from: str | None
    quiet_until: str | None
    send_gap_seconds: float | None
    created_at: datetime


class NewBusiness(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tenant that is wanted."""

    name: Name
    zone: Zone = "UTC"
    external_id: ExternalId | None = None
    email: Email | None = None


class BusinessChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be otherwise. Quiet hours are on the contact's wall clock; null, here as for the gap: none."""

    name: Name | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    tone: Annotated[str, Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    default_action: DefaultAction | UnsetType = UNSET
    unknown_senders: Literal["create", "ignore"] | UnsetType = UNSET
    quiet_from: Hour | UnsetType | None = UNSET
    quiet_until: Hour | UnsetType | None = UNSET
    send_gap_seconds: Annotated[float, Meta(gt=0, le=3600)] | UnsetType | None = UNSET
