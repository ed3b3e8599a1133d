"""What tenants need done by itself."""

from concierge.runtime import Runtime
from concierge.tenants import answered
from concierge.work import EVERY_TEN_MINUTES, Tick


async def forget_answers(runtime: Runtime) -> None:
    """Answers to requests with an Idempotency-Key go after a day."""
    async with runtime.connection() as conn:
        await answered.forget(conn, before=runtime.clock() - answered.KEPT)


TICKS = (Tick(name="tenants.forget", every=EVERY_TEN_MINUTES, run=forget_answers),)
