"""`concierge doctor`: what is set up, what answers, what waits. Exit status 1 when something needs a hand."""

from msgspec import Struct

from concierge.postgres.migrate import pending
from concierge.runtime import Runtime
from concierge.settings import Settings
from concierge.wiring import wire
from concierge.worker import store

STALE = 60.0  # seconds without a heartbeat after which a worker should be restarted


class Finding(Struct, frozen=True):
    """One thing looked at."""

    sound: bool
    text: str


async def examine(settings: Settings, *, only_worker: bool) -> int:
    """Look at everything, or only at the worker's heartbeat, and print it. The exit status."""
    runtime = wire(settings, name="doctor")
    await runtime.pool.open()
    try:
        findings = [await _worker(runtime)] if only_worker else [*_setup(settings), *await _database(runtime)]
    finally:
        await runtime.close()
    for finding in findings:
        print("ok  " if finding.sound else "BAD ", finding.text)
    return 0 if all(finding.sound for finding in findings) else 1


def _setup(settings: Settings) -> list[Finding]:
    model = f"Claude ({settings.extract_model}, {settings.draft_model})" if settings.anthropic_api_key else "local"
    return [
        Finding(sound=True, text=f"environment: {settings.concierge_env}; model: {model}"),
        Finding(sound=True, text=f"email: {settings.email_address} by {settings.email_transport}"),
        Finding(sound=True, text=f"whatsapp: {settings.whatsapp_phone_number_id} by {settings.whatsapp_transport}"),
    ]


async def _database(runtime: Runtime) -> list[Finding]:
    async with runtime.connection() as conn:
        missing = await pending(conn)
        if missing:
            return [Finding(sound=False, text=f"schema: {len(missing)} migrations pending; run `make migrate`")]
        lag = await store.lag(conn)
    return [
        Finding(sound=True, text="schema: up to date"),
        await _worker(runtime),
        Finding(sound=lag.waiting_seconds < STALE, text=f"queue: oldest job waits {lag.waiting_seconds:.0f} s"),
        Finding(sound=lag.overdue_seconds < STALE, text=f"follow-ups: oldest due is {lag.overdue_seconds:.0f} s late"),
        Finding(sound=lag.notifications == 0, text=f"notifications: {lag.notifications} open"),
    ]


async def _worker(runtime: Runtime) -> Finding:
    async with runtime.connection() as conn:
        age = await store.heartbeat_age(conn)
    if age is None:
        return Finding(sound=False, text="worker: none is registered")
    return Finding(sound=age < STALE, text=f"worker: last heartbeat {age:.0f} s ago")
