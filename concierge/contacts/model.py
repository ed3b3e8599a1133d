"""A person who writes or is written to, and what they prefer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.values import Hour, Language, Name, Zone
from concierge.channels.addressing import LONGEST, AddressKind, ChannelName
from concierge.tenants.model import DefaultAction

Tone = Annotated[str, Meta(min_length=1, max_length=60, examples=["friendly"])]


class Identity(Struct, frozen=True, kw_only=True):
    """An address of a contact."""

    id: UUID
    channel: str
    kind: str
    value: str
    created_at: datetime


class Preferences(Struct, frozen=True, kw_only=True):
    """What the contact chose; null: what holds for the tenant. Hours are those of the contact's wall clock."""

    zone: str | None
    tone: str | None
    default_action: DefaultAction | None
    language: str | None
    quiet_from: str | None
    quiet_until: str | None


class Contact(Preferences, frozen=True, kw_only=True):
    """A person. `merged_into`: is known as that contact now; `erased_at`: everything about them is gone."""

    id: UUID
    name: str | None
    identities: list[Identity]
    created_at: datetime
    merged_into: UUID | None
    erased_at: datetime | None


class NewIdentity(Struct, frozen=True, kw_only=True):
    """An address that is to be a contact's."""

    channel: ChannelName
    kind: AddressKind
    value: Annotated[str, Meta(min_length=1, max_length=LONGEST, examples=["alice@example.com", "+4915112345678"])]


class ChangedPreferences(Struct, frozen=True, kw_only=True):
    """What is to be different; null: as the tenant has it."""

    zone: Zone | UnsetType | None = UNSET
    tone: Tone | UnsetType | None = UNSET
    default_action: DefaultAction | UnsetType | None = UNSET
    language: Language | UnsetType | None = UNSET
    quiet_from: Hour | UnsetType | None = UNSET
    quiet_until: Hour | UnsetType | None = UNSET


class ChangedContact(ChangedPreferences, frozen=True, kw_only=True):
    """What is to be different; null: nothing, or as the tenant has it."""

    name: Name | UnsetType | None = UNSET


class NewContact(ChangedContact, frozen=True, kw_only=True):
    """A person to be kept, with their addresses."""

    identities: Annotated[list[NewIdentity], Meta(max_length=20)] = []


class Other(Struct, frozen=True):
    """The contact that turned out to be the same person. What is theirs becomes this one's."""

    contact_id: UUID


class Exported(Struct, frozen=True):
    """Everything that is known about a person, by table."""

    contact_id: UUID
    exported_at: datetime
    data: dict[str, list[dict[str, Any]]]
