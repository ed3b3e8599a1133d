"""The console in the background."""

from concierge.console.activity import count
from concierge.console.bulk import CarryOn, carry_on, sweep
from concierge.runtime import Runtime
from concierge.work import EVERY_MINUTE, Tick, Work


async def run_carry_on(runtime: Runtime, job: CarryOn) -> None:
    """Act on the next messages."""
    await carry_on(runtime, job.bulk_action_id)


WORK = (Work(job=CarryOn, run=run_carry_on),)
TICKS = (
    Tick(name="console.count", cron=EVERY_MINUTE, run=count),
    Tick(name="console.sweep", cron=EVERY_MINUTE, run=sweep),
)
