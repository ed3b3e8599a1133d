"""What became of the templates: the provider is asked, account by account, with nothing open."""

from uuid import UUID

from concierge.channels.templates import TemplateSource
from concierge.errors import AccountStopped, Refused, SettingsError
from concierge.notifications import notify
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.templates import store
from concierge.templates.model import Status
from concierge.tenants.store import find_account
from concierge.tenants.vault import opened

STATUSES: dict[str, Status] = {
    "approved": "approved",
    "rejected": "rejected",
    "in_appeal": "rejected",
    "paused": "paused",
    "limit_exceeded": "paused",
    "disabled": "disabled",
    "deleted": "removed",
    "pending_deletion": "removed",
}
"""The vendor's words in ours; others, such as PENDING, are not usable yet."""


async def ask_all(runtime: Runtime, *, tenant_id: UUID | None = None) -> None:
    """Tick: a job for every account whose vendor knows templates and can be asked; or only for those of a tenant."""
    sources = {name: each.templates_of for name, each in runtime.transports.items() if isinstance(each, TemplateSource)}
    async with runtime.begin() as conn:
        jobs = await store.to_sync(conn, transports=list(sources), owners=list(sources.values()), tenant_id=tenant_id)
        await put(conn, *jobs)


async def sync(runtime: Runtime, *, tenant_id: UUID, channel_account_id: UUID) -> None:
    """Ask one account's provider, keep what it says; where an operator must repair something first, tell one.

    Raises NotAccepted; harmless to repeat.
    """
    async with runtime.connection() as conn:
        row = await find_account(conn, channel_account_id, tenant_id=tenant_id)
    try:
        known = await runtime.templates(opened(row, runtime.settings))
    except (AccountStopped, Refused, SettingsError) as error:
        await give_up(runtime, tenant_id=tenant_id, channel_account_id=channel_account_id, reason=str(error))
        return
    async with runtime.connection() as conn:
        await store.reported(
            conn,
            tenant_id=tenant_id,
            channel_account_id=channel_account_id,
            names=[each.name for each in known],
            languages=[each.language for each in known],
            categories=[each.category.lower() for each in known],
            statuses=[STATUSES.get(each.status.lower(), "pending") for each in known],
            now=runtime.clock(),
        )


async def give_up(runtime: Runtime, *, tenant_id: UUID, channel_account_id: UUID, reason: str) -> None:
    """What is known stays as it is; an operator is told."""
    async with runtime.begin() as conn:
        text = f"the provider does not say which templates it has: {reason}"
        await notify(conn, tenant_id, "channel_account", channel_account_id, "no_templates", text, now=runtime.clock())
