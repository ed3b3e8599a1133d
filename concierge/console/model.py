"""Who works in the console."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge import audit_log
from concierge.api.caller import Caller
from concierge.postgres.query import Conn

Role = Literal["viewer", "operator", "admin"]
RANKS: dict[Role, int] = {"viewer": 0, "operator": 1, "admin": 2}
"""A viewer looks, an operator acts on messages and people, an admin changes accounts, agents, keys and colleagues."""


class Operator(Struct, frozen=True, kw_only=True):
    """Who is signed in, and the CSRF token of this browser's forms."""

    id: UUID
    tenant_id: UUID
    tenant: str  # its name
    zone: str  # the tenant's, in which times are shown
    language: str  # the tenant's, in which people are spoken to who have none of their own
    login: str
    name: str
    role: Role
    platform: bool  # sees the machine, which belongs to no tenant
    csrf: str
    seen_at: datetime  # when this browser last was

    def may(self, role: Role) -> bool:
        """Whether this one is at least that."""
        return RANKS[self.role] >= RANKS[role]


class Acting(Struct, frozen=True, kw_only=True):
    """An operator who is changing something: the form was ours, and the role suffices."""

    operator: Operator

    @property
    def tenant_id(self) -> UUID:
        """Whose rows may be changed."""
        return self.operator.tenant_id

    @property
    def caller(self) -> Caller:
        """The same, as the rooms of the API know who asks."""
        own = ["admin:*"] if self.operator.may("admin") else ["*:write"]
        return Caller(self.tenant_id, self.operator.id, own + ["platform:*"] * self.operator.platform, self.actor)

    @property
    def actor(self) -> str:
        """Who it was, as the audit log keeps it."""
        return f"operator:{self.operator.login}"

    async def note(
        self,
        conn: Conn,
        action: str,
        subject: str,
        subject_id: UUID | None,
        *,
        now: datetime,
        detail: str | None = None,
    ) -> None:
        """Keep it in the audit log, in the transaction of what is done."""
        await audit_log.record(
            conn,
            tenant_id=self.tenant_id,
            actor=self.actor,
            actor_id=self.operator.id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=detail,
            correlation_id=None,
            now=now,
        )
