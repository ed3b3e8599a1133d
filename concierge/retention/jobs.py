"""Retention in the background."""

from concierge.retention.redacting import redact
from concierge.runtime import Runtime
from concierge.work import EVERY_HOUR, Tick


async def run_redact(runtime: Runtime) -> None:
    """Redact what is old enough."""
    await redact(runtime)


TICKS = (Tick(name="retention.redact", every=EVERY_HOUR, run=run_redact, deadline=600.0),)
