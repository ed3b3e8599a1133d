"""Bookings in the background."""

from concierge.bookings.policies.changing import Renew, renew_some
from concierge.bookings.policies.changing import give_up as give_up_plans
from concierge.bookings.reminders.model import Remind
from concierge.bookings.reminders.reminding import give_up, remind, sweep, take_due
from concierge.bookings.retelling import retell_stale
from concierge.runtime import Runtime
from concierge.work import EVERY_HOUR, EVERY_MINUTE, EVERY_SECOND, Tick, Work


async def run_remind(runtime: Runtime, job: Remind) -> None:
    """Send a reminder that is due."""
    await remind(runtime, job.reminder_id)


async def give_up_remind(runtime: Runtime, job: Remind, error: BaseException) -> None:
    """Park a reminder that cannot be sent."""
    await give_up(runtime, job.reminder_id, str(error))


async def give_up_renew(runtime: Runtime, job: Renew, error: BaseException) -> None:
    """Tell an operator that bookings keep an old plan."""
    await give_up_plans(runtime, job, str(error))


WORK = (
    Work(job=Remind, run=run_remind, give_up=give_up_remind),
    Work(job=Renew, run=renew_some, give_up=give_up_renew),
)
TICKS = (
    Tick(name="bookings.take_due", every=EVERY_SECOND, run=take_due),
    Tick(name="bookings.sweep", every=EVERY_MINUTE, run=sweep),
    Tick(name="bookings.retell", every=EVERY_HOUR, run=retell_stale, deadline=600.0),
)
