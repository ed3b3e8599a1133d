"""Webhooks in the background."""

from concierge.runtime import Runtime
from concierge.webhooks.delivering import tell, wake
from concierge.webhooks.model import Tell
from concierge.work import EVERY_SECOND, Tick, Work


async def run_tell(runtime: Runtime, job: Tell) -> None:
    """Deliver what is due to an endpoint."""
    await tell(runtime, job.endpoint_id)


WORK = (Work(job=Tell, run=run_tell),)
TICKS = (Tick(name="webhooks.wake", every=EVERY_SECOND, run=wake),)
