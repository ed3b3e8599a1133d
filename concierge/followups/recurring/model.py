"""A follow-up that comes again."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Repeating(Struct, frozen=True, kw_only=True):
    """One occurrence, and the rule it follows. `wall` and `rule_from` (of the first one) are in `zone`."""

    id: UUID
    tenant_id: UUID
    zone: str
    wall: datetime
    rule: str
    rule_from: datetime
