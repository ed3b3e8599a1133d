"""Which ticks come while a world's time passes: those whose time has come, and that find anything to look at.

That the others find nothing is shown in tests/schema/test_plans.py, where there is much of everything else.
"""

from collections.abc import Iterable
from datetime import datetime

from concierge.work import Tick
from concierge.worker.app import EVERY_TICK

FREQUENT = [tick for tick in EVERY_TICK if tick.every.period <= 10]
ABOUT = {  # where there is none of it, the tick finds nothing
    "bookings.retell": "booking",
    "bookings.sweep": "reminder",
    "bookings.take_due": "reminder",
    "credits.release_abandoned": "credit_hold",
    "followups.plan_next": "task",
    "followups.sweep": "task",
    "followups.take_due": "task",
    "inbox.resume": "credit_account",
    "leads.take_due": "lead",
    "media.wake": "media",
    "retention.redact": "old",
    "summaries.take_due": "summary",
    "webhooks.wake": "webhook_endpoint",
}
# of what is not here there is something in nearly every world; nothing is kept for less than a day
THERE = """
    select array_remove(array[
        case when %(now)s >= %(begun)s::timestamptz + interval '1 day' then 'old' end,
        {}
    ], null)
""".format(
    ", ".join(
        f"case when exists (select from {table}) then '{table}' end" for table in sorted({*ABOUT.values()} - {"old"})
    )
)


def fallen(since: datetime, until: datetime) -> list[Tick]:
    """The ticks whose time comes after `since` and not after `until`, but those that come all the time."""

    def times(tick: Tick, moment: datetime) -> float:
        return (moment.timestamp() - tick.every.past) // tick.every.period

    return [tick for tick in EVERY_TICK if times(tick, since) < times(tick, until) and tick not in FREQUENT]


def worthwhile(ticks: Iterable[Tick], there: Iterable[str]) -> list[Tick]:
    """Those that are about something of `there`, or about what there always is."""
    return [tick for tick in ticks if tick.name not in ABOUT or ABOUT[tick.name] in there]
