"""For how long a tenant keeps each kind of body: at most as long as the machine does, and less where it says so."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.errors import Invalid
from concierge.postgres.query import Conn
from concierge.retention import policy_store as store
from concierge.settings import Settings


class Retention(Struct, frozen=True):
    """Days, by kind. `most`: what the machine allows, which holds where the tenant says nothing."""

    tenant_id: UUID
    days: dict[str, int]
    most: dict[str, int]


def most(kinds: Mapping[str, object], settings: Settings) -> dict[str, int]:
    """The machine's own days, by kind."""
    sooner = {"model_calls": settings.model_log_days}
    return {kind: sooner.get(kind, settings.retention_days) for kind in kinds}


async def show(conn: Conn, tenant_id: UUID, limits: Mapping[str, int]) -> Retention:
    """What holds for a tenant."""
    own = {each.kind: each.days for each in await store.of_tenant(conn, tenant_id=tenant_id)}
    days = {kind: min(own.get(kind, limit), limit) for kind, limit in limits.items()}
    return Retention(tenant_id, days, dict(limits))


async def change(
    conn: Conn, tenant_id: UUID, wanted: Mapping[str, int | None], limits: Mapping[str, int], *, now: datetime
) -> None:
    """Keep these kinds for so many days; None: as the machine does. Raises Invalid naming all that cannot be."""
    wrong = []
    for kind, days in wanted.items():
        if kind not in limits:
            wrong.append((f"/days/{kind}", f"there is no such kind; there are {', '.join(sorted(limits))}"))
        elif days is not None and not 1 <= days <= limits[kind]:
            wrong.append((f"/days/{kind}", f"must be 1 to {limits[kind]}, as this machine keeps it no longer"))
    if wrong:
        raise Invalid(wrong)
    for kind, days in wanted.items():
        if days is None:
            await store.unset(conn, tenant_id=tenant_id, kind=kind)
        else:
            await store.set_days(conn, tenant_id=tenant_id, kind=kind, days=days, now=now)
