"""Follow-ups in the background."""

from concierge.followups.drafting import writing
from concierge.followups.drafting.model import Write
from concierge.followups.executing import execute, give_up, sweep, take_due
from concierge.followups.model import Execute
from concierge.followups.recurring.planning import plan_next
from concierge.runtime import Runtime
from concierge.work import EVERY_MINUTE, EVERY_SECOND, Tick, Work


async def run_execute(runtime: Runtime, job: Execute) -> None:
    """Do one due task."""
    await execute(runtime, job.task_id)


async def give_up_execute(runtime: Runtime, job: Execute, error: BaseException) -> None:
    """Park a task that cannot be done."""
    await give_up(runtime, job.task_id, str(error))


async def run_write(runtime: Runtime, job: Write) -> None:
    """Write a draft that somebody wants."""
    await writing.write(runtime, job.draft_id)


WORK = (
    Work(job=Execute, run=run_execute, give_up=give_up_execute),
    Work(job=Write, run=run_write, give_up=writing.give_up),
)
TICKS = (
    Tick(name="followups.take_due", every=EVERY_SECOND, run=take_due),
    Tick(name="followups.plan_next", every=EVERY_SECOND, run=plan_next),
    Tick(name="followups.sweep", every=EVERY_MINUTE, run=sweep),
)
