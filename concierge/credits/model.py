"""What is reserved, and a line of the ledger."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct


class Reserve(Struct, frozen=True):
    """Credits taken for one turn, until it is settled or released."""

    id: UUID
    tenant_id: UUID
    amount: int


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the ledger. `amount` is what the balance changed by."""

    id: UUID
    kind: Literal["grant", "reserve", "settle", "release"]
    amount: int
    reserve_id: UUID | None
    conversation_id: UUID | None
    key: str | None
    note: str | None
    created_at: datetime


class Balance(Struct, frozen=True, kw_only=True):
    """How a tenant's account stands. Without one the tenant is not metered: it answers without limit."""

    tenant_id: UUID
    metered: bool
    balance: int | None
    reserved: int  # taken by turns that are being thought about
    last_updated: datetime | None
