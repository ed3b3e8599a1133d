"""The outbox in the background."""

from concierge.outbox.delivery import deliver
from concierge.outbox.holding import forget, release, say_scheduled
from concierge.outbox.model import Deliver
from concierge.outbox.reconciling import reconcile, sweep, wake
from concierge.runtime import Runtime
from concierge.work import EVERY_MINUTE, EVERY_SECOND, EVERY_TEN_MINUTES, EVERY_TEN_SECONDS, Tick, Work


async def run_deliver(runtime: Runtime, job: Deliver) -> None:
    """Send what is due in a conversation."""
    await deliver(runtime, job.conversation_id)


WORK = (Work(job=Deliver, run=run_deliver, deadline=125.0),)
TICKS = (
    Tick(name="outbox.wake", every=EVERY_SECOND, run=wake),
    Tick(name="outbox.say_scheduled", every=EVERY_SECOND, run=say_scheduled),
    Tick(name="outbox.release", every=EVERY_TEN_SECONDS, run=release),
    Tick(name="outbox.reconcile", every=EVERY_TEN_SECONDS, run=reconcile),
    Tick(name="outbox.sweep", every=EVERY_MINUTE, run=sweep),
    Tick(name="outbox.forget", every=EVERY_TEN_MINUTES, run=forget),
)
