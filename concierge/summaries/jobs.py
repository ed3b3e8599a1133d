"""Summaries in the background."""

from concierge.runtime import Runtime
from concierge.summaries.model import Summarise
from concierge.summaries.writing import give_up, summarise, take_due
from concierge.work import EVERY_TEN_SECONDS, Tick, Work


async def run_summarise(runtime: Runtime, job: Summarise) -> None:
    """Write one summary."""
    await summarise(runtime, job.summary_id)


async def give_up_summarise(runtime: Runtime, job: Summarise, error: BaseException) -> None:
    """Keep why it could not be written."""
    await give_up(runtime, job.summary_id, error)


WORK = (Work(job=Summarise, run=run_summarise, give_up=give_up_summarise),)
TICKS = (Tick(name="summaries.take_due", every=EVERY_TEN_SECONDS, run=take_due),)
