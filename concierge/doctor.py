"""`concierge doctor`: what is set up, what answers, what waits. Exit status 1 when something needs a hand."""

from msgspec import Struct

from concierge.postgres.migrate import pending
from concierge.postgres.query import Conn
from concierge.settings import Settings
from concierge.wiring import chain, models, wire
from concierge.worker import pulse, store
from concierge.worker.pulse import STALE


class Finding(Struct, frozen=True):
    """One thing looked at."""

    sound: bool
    text: str


async def examine(settings: Settings, *, only_worker: bool) -> int:
    """Look at everything, or only at this machine's worker, without the database; print it. The exit status."""
    findings = [_this_machine()] if only_worker else [*_setup(settings), *await _database(settings)]
    for finding in findings:
        print("ok  " if finding.sound else "BAD ", finding.text)
    return 0 if all(finding.sound for finding in findings) else 1


def _setup(settings: Settings) -> list[Finding]:
    model = ", ".join(chain(settings, models(settings)))
    return [
        Finding(sound=True, text=f"environment: {settings.concierge_env}; model: {model}"),
        Finding(sound=True, text=f"email: {settings.email_address} by {settings.email_transport}"),
        Finding(sound=True, text=f"whatsapp: {settings.whatsapp_phone_number_id} by {settings.whatsapp_transport}"),
    ]


def _this_machine() -> Finding:
    ages = pulse.ages()
    if not ages:
        return Finding(sound=False, text="worker: none runs on this machine")
    return Finding(sound=max(ages) < STALE, text=f"worker: last sign of life {max(ages):.0f} s ago")


async def _database(settings: Settings) -> list[Finding]:
    runtime = wire(settings, name="doctor")
    await runtime.pool.open()
    try:
        async with runtime.connection() as conn:
            return await _asked(conn)
    finally:
        await runtime.close()


async def _asked(conn: Conn) -> list[Finding]:
    if missing := await pending(conn):
        return [Finding(sound=False, text=f"schema: {len(missing)} migrations pending; run `make migrate`")]
    lag = await store.lag(conn)
    return [
        Finding(sound=True, text="schema: up to date"),
        _fleet(await store.heartbeat_ages(conn)),
        Finding(sound=lag.waiting_seconds < STALE, text=f"queue: oldest job waits {lag.waiting_seconds:.0f} s"),
        Finding(sound=lag.overdue_seconds < STALE, text=f"follow-ups: oldest due is {lag.overdue_seconds:.0f} s late"),
        *(_queue(each) for each in await store.queues(conn)),
        *(_stopped(each) for each in await store.stopped(conn)),
        Finding(
            sound=lag.parked == 0,
            text=f"conversations: {lag.parked} wait for an operator, {lag.unpaid} for credits",
        ),
        Finding(sound=lag.notifications == 0, text=f"notifications: {lag.notifications} open"),
    ]


def _queue(queue: store.QueueState) -> Finding:
    text = f"{queue.name}: {queue.waiting} jobs wait, {queue.running} run, {queue.failed} failed in a day"
    return Finding(sound=True, text=text)  # what a failure asks of anybody stands in the lines below


def _stopped(each: store.Stopped) -> Finding:
    """Somebody has to let it go on; that nothing waits for it yet is no reason to forget it."""
    why = f", {each.by}" if each.by else ""
    return Finding(
        sound=False, text=f"{each.what}: {each.status} since {each.since:%Y-%m-%d %H:%M}Z{why}; {each.waiting} wait"
    )


def _fleet(ages: list[float]) -> Finding:
    if not ages:
        return Finding(sound=False, text="workers: none is registered")
    alive = sum(age < STALE for age in ages)
    return Finding(sound=alive > 0, text=f"workers: {alive} alive, last heartbeat {ages[0]:.0f} s ago")
