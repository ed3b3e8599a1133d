"""Doing what waits, here and now: turns are handled, then what is to be said is sent."""

from collections.abc import Awaitable, Callable
from time import monotonic
from uuid import UUID

from msgspec import Struct

from concierge.errors import ConciergeError
from concierge.inbox.handling import handle
from concierge.log import logger
from concierge.operations import store
from concierge.outbox.delivery import deliver
from concierge.outbox.reconciling import wake
from concierge.runtime import Runtime

ENOUGH = 25.0  # seconds; schedulers that call URLs give up after thirty

log = logger(__name__)


class Ran(Struct, frozen=True, rename="camel"):
    """What became of it. What failed stays in the queue, with its own retries."""

    handled: int
    sent: int  # conversations whose line was worked on
    failed: int
    success: bool = True  # the request's, in the words of the design


async def run_outbound(runtime: Runtime, most: int) -> Ran:
    """Handle and send for at most `most` conversations each. Safe beside workers: fences and claims are the same."""
    until, now = monotonic() + ENOUGH, runtime.clock()
    async with runtime.connection() as conn:
        turns = await store.unhandled(conn, now=now, limit=most)
    handled, lost = await _each(runtime, turns, handle, until)
    await wake(runtime)
    async with runtime.connection() as conn:
        lines = await store.unsent(conn, now=now, limit=most)
    sent, failed = await _each(runtime, lines, deliver, until)
    return Ran(handled, sent, lost + failed)


async def _each(
    runtime: Runtime, ids: list[UUID], do: Callable[[Runtime, UUID], Awaitable[None]], until: float
) -> tuple[int, int]:
    """(done, failed), as far as the time goes."""
    done = failed = 0
    for id in ids:
        if monotonic() > until:
            break
        try:
            await do(runtime, id)
            done += 1
        except ConciergeError as error:
            failed += 1
            log.warning("not done", conversation=str(id), error=type(error).__name__)
    return done, failed
