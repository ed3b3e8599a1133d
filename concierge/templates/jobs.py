"""Templates in the background."""

from concierge.runtime import Runtime
from concierge.templates.model import Sync
from concierge.templates.syncing import ask_all, give_up, sync
from concierge.work import EVERY_HOUR, Tick, Work


async def run_sync(runtime: Runtime, job: Sync) -> None:
    """Ask about one account's templates."""
    await sync(runtime, tenant_id=job.tenant_id, channel_account_id=job.channel_account_id)


async def give_up_sync(runtime: Runtime, job: Sync, error: BaseException) -> None:
    """Tell an operator."""
    await give_up(runtime, tenant_id=job.tenant_id, channel_account_id=job.channel_account_id, reason=str(error))


WORK = (Work(job=Sync, run=run_sync, give_up=give_up_sync),)
TICKS = (Tick(name="templates.ask_all", every=EVERY_HOUR, run=ask_all),)
