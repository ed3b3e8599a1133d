"""What a tenant's operators see and do under `/v1/admin`: the audit log and redaction, of their own rows."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from concierge import audit_log
from concierge.api.caller import Caller
from concierge.api.paging import Counting, Page, Paging
from concierge.api.scopes import IN_BITES, needs
from concierge.audit_log import Action
from concierge.retention import run_store
from concierge.retention.redacting import redact_rows
from concierge.retention.run_store import Run
from concierge.runtime import Runtime
from concierge.tenants import trail
from concierge.tenants.trail import Event


class Redaction(Struct, frozen=True):
    """How many rows of each kind lost their words."""

    redacted: dict[str, int]


@get("/admin/audit-log", opt=needs("admin:*"))
async def show_audit_log(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    counting: NamedDependency[Counting],
    subject_id: FromQuery[UUID | None] = None,
) -> Page[Event]:
    """Every move of every thing of the tenant, or of one (`subject_id`), newest first. Nobody can change an entry."""
    async with runtime.connection() as conn:
        found: dict[str, Any] = {"tenant_id": caller.tenant_id, "before": counting.before, "limit": counting.limit + 1}
        if subject_id is None:
            return counting.page(await trail.lately(conn, **found))
        return counting.page(await trail.lately_of(conn, subject_id=subject_id, **found))


@get("/admin/actions", opt=needs("admin:*"))
async def list_actions(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Action]:
    """Who did what on purpose, newest first: in the console, and with keys through the API."""
    async with runtime.connection() as conn:
        return paging.page(await audit_log.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@get("/admin/retention/runs", opt=needs("admin:*"))
async def list_retention_runs(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Run]:
    """Rounds of the last 400 days that redacted something or that somebody asked for, newest first."""
    async with runtime.connection() as conn:
        rows = await run_store.some(conn, tenant_id=caller.tenant_id, **paging.asked())
    return paging.page(rows, lambda run: (run.started_at, run.id))


@post("/admin/retention/runs", opt=needs("admin:*") | IN_BITES, status_code=200)
async def run_retention(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], correlation: NamedDependency[str]
) -> Redaction:
    """Redact now what is older than RETENTION_DAYS, which otherwise happens by itself; files go within the hour."""
    return Redaction(await redacted_now(runtime, caller, correlation))


async def redacted_now(runtime: Runtime, caller: Caller, correlation: str) -> dict[str, int]:
    """Note who asks for it, then redact the caller's rows. How many of each kind were."""
    async with runtime.begin() as conn:
        await audit_log.record(
            conn,
            tenant_id=caller.tenant_id,
            actor=caller.actor,
            actor_id=caller.key_id,
            action="run_retention",
            subject="retention",
            subject_id=None,
            detail=None,
            correlation_id=correlation,
            now=runtime.clock(),
        )
    return await redact_rows(runtime, caller.tenant_id, by=caller.actor)


HANDLERS = (show_audit_log, list_actions, list_retention_runs, run_retention)
