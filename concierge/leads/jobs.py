"""Leads in the background."""

from concierge.leads.model import ReadLead
from concierge.leads.reading import give_up, read, take_due
from concierge.runtime import Runtime
from concierge.work import EVERY_TEN_SECONDS, Tick, Work


async def run_read(runtime: Runtime, job: ReadLead) -> None:
    """Read a conversation that has gone quiet."""
    await read(runtime, job.lead_id)


async def give_up_read(runtime: Runtime, job: ReadLead, error: BaseException) -> None:
    """Try again later, or tell an operator."""
    await give_up(runtime, job.lead_id, error)


WORK = (Work(job=ReadLead, run=run_read, give_up=give_up_read),)
TICKS = (Tick(name="leads.take_due", every=EVERY_TEN_SECONDS, run=take_due),)
