"""The inbox in the background."""

from concierge.conversations.model import Handle
from concierge.inbox.handling import give_up, handle, quiet, retry, sweep
from concierge.inbox.paying import resume
from concierge.runtime import Runtime
from concierge.work import EVERY_MINUTE, EVERY_SECOND, EVERY_TEN_SECONDS, Tick, Work


async def run_handle(runtime: Runtime, job: Handle) -> None:
    """Handle what is new in a conversation."""
    await handle(runtime, job.conversation_id)


async def give_up_handle(runtime: Runtime, job: Handle, error: BaseException) -> None:
    """Park a conversation that cannot be handled."""
    await give_up(runtime, job.conversation_id, error)


WORK = (Work(job=Handle, run=run_handle, give_up=give_up_handle),)
TICKS = (
    Tick(name="inbox.quiet", every=EVERY_SECOND, run=quiet),
    Tick(name="inbox.retry", every=EVERY_TEN_SECONDS, run=retry),
    Tick(name="inbox.resume", every=EVERY_TEN_SECONDS, run=resume),
    Tick(name="inbox.sweep", every=EVERY_MINUTE, run=sweep),
)
