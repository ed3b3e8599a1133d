"""How a room says what it can do in the background: jobs that are asked for, ticks that come by themselves."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from concierge.postgres.queue import Job
from concierge.runtime import Runtime

# queues whose jobs may wait for a model or for others' servers
THINKING = ("inbox", "followups", "media", "readings", "webhooks")
MOVING = ("outbox", "operations", "ticks")


class Work(Struct, frozen=True, kw_only=True):
    """One kind of job and who does it.

    A run that fails is repeated after each of `waits` (seconds), then `give_up` parks what the job was about; an error
    that says `permanent` is given up on at once.
    Long waits do not belong here but in a due time of a table.
    """

    job: type[Job]
    run: Callable[[Runtime, Any], Awaitable[None]]
    give_up: Callable[[Runtime, Any, BaseException], Awaitable[None]] | None = None
    waits: tuple[int, ...] = (1, 5, 15)
    deadline: float = 120.0  # seconds; a run that takes longer is cancelled and counts as failed


class Cron(Struct, frozen=True):
    """When a tick comes: a line of crontab whose sixth field is seconds; in UTC.

    The same in seconds: what lies between two of its times, and how long after the full period they are.
    """

    line: str
    period: int
    past: int = 0


class Tick(Struct, frozen=True, kw_only=True):
    """A scan that comes by itself, on one worker at a time. Idempotent: it may run twice or late."""

    name: str
    cron: Cron
    run: Callable[[Runtime], Awaitable[None]]
    deadline: float = 30.0


EVERY_SECOND = Cron("* * * * * *", 1)
EVERY_TEN_SECONDS = Cron("* * * * * */10", 10)
EVERY_MINUTE = Cron("* * * * *", 60)
EVERY_TEN_MINUTES = Cron("*/10 * * * *", 600)
EVERY_HOUR = Cron("17 * * * *", 3600, past=17 * 60)
