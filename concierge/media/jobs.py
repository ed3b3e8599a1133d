"""Files in the background."""

from concierge.media.fetching import fetch, give_up, wake
from concierge.media.model import Fetch
from concierge.runtime import Runtime
from concierge.work import EVERY_TEN_SECONDS, Tick, Work


async def run_fetch(runtime: Runtime, job: Fetch) -> None:
    """Fetch what came with a message."""
    await fetch(runtime, job.inbound_message_id)


async def give_up_fetch(runtime: Runtime, job: Fetch, error: BaseException) -> None:
    """Park the files that could not even be asked for."""
    await give_up(runtime, job.inbound_message_id, error)


WORK = (Work(job=Fetch, run=run_fetch, give_up=give_up_fetch, deadline=300.0),)
TICKS = (Tick(name="media.wake", every=EVERY_TEN_SECONDS, run=wake),)
