"""When a tick comes is said twice, for the scheduler and for people: both mean the same."""

from croniter import croniter

from concierge.work import Cron
from concierge.worker.app import TICKS
from tests.each import each

BEGUN = 1_800_000_000.0 + 123


@each("cron", {tick.cron.line: tick.cron for tick in TICKS}.values())
def test_the_line_means_the_seconds(cron: Cron) -> None:
    times = croniter(cron.line)
    times.set_current(BEGUN)
    expected = (BEGUN - cron.past) // cron.period * cron.period + cron.past
    for _ in range(60):
        expected += cron.period
        assert times.get_next(float) == expected
