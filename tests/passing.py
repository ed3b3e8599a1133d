"""Which ticks come while a world's time passes: those whose time has come, and that find anything to look at.

That the others find nothing is shown in tests/schema/left_out.py, where there is much of everything else.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from concierge.work import Tick
from concierge.worker.app import EVERY_TICK

FREQUENT = [tick for tick in EVERY_TICK if tick.every.period <= 10]
# Where there are none of these rows, the tick finds nothing. When something is due, and when it is over, is not said
# here: that is the product's to know, and a test that nothing happens could not fail otherwise.
ABOUT = {
    "bookings.retell": ("booking",),
    "bookings.sweep": ("reminder",),
    "bookings.take_due": ("reminder",),
    "contacts.erase_again": ("contact where erase_again_at is not null",),
    "credits.release_abandoned": ("credit_hold",),
    "followups.plan_next": ("task where rule is not null",),
    "followups.sweep": ("task",),
    "followups.take_due": ("task",),
    "inbox.quiet": ("conversation where quiet_until is not null",),
    "inbox.resume": ("credit_account",),
    "inbox.retry": ("conversation where retry_at is not null",),
    "inbox.sweep": ("conversation where handled_seq < last_seq",),
    "leads.take_due": ("lead where due_at is not null",),
    "media.wake": ("media",),
    "outbox.forget": ("rate_bucket",),
    "outbox.reconcile": ("outbound_message where status in ('sending', 'unknown')",),
    "outbox.release": (
        "outbound_message where status in ('queued', 'held', 'blocked')",
        "channel_account where resume_at is not null",
    ),
    "outbox.say_scheduled": ("outbound_message where send_at is not null",),
    "outbox.sweep": ("outbound_message where status = 'queued'",),
    "outbox.wake": ("outbound_message where status = 'queued' or wake_at is not null",),
    "retention.redact": (
        "(select) kept where %(now)s >= %(kept_until)s",  # nothing is older than the world
        "model_call where prompt is not null",
        "retention_policy",
        "media",
    ),
    "summaries.take_due": ("summary",),
    "tenants.forget": ("idempotent_request",),
    "webhooks.wake": ("webhook_delivery",),
    "worker.prune": ("procrastinate_events where at < now() - interval '10 minutes'",),
    "worker.rescue": ("procrastinate_jobs where status = 'doing'",),
}
NEXT_TRANSACTION = "pg_snapshot_xmax(pg_current_snapshot())::text"  # that writes: where it stays the same, nobody wrote
LOOK = "select {}, array_remove(array[{}], null)".format(
    NEXT_TRANSACTION,
    ", ".join(
        f"case when {' or '.join(f'exists (select from {rows})' for rows in about)} then '{name}' end"
        for name, about in ABOUT.items()
    ),
)


def fallen(since: datetime, until: datetime) -> list[Tick]:
    """The ticks whose time comes after `since` and not after `until`, but those that come all the time."""

    def times(tick: Tick, moment: datetime) -> float:
        return (moment.timestamp() - tick.every.past) // tick.every.period

    return [tick for tick in EVERY_TICK if times(tick, since) < times(tick, until) and tick not in FREQUENT]


def worthwhile(ticks: Iterable[Tick], finding: Collection[str]) -> list[Tick]:
    """Those that are `finding` something, and those of which that is not known."""
    return [tick for tick in ticks if tick.name in finding or tick.name not in ABOUT]
