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


class Cadence(Struct, frozen=True):
    """When a tick comes, in seconds: what lies between two times, and how long after the full period they are."""

    period: int
    past: int = 0


class Tick(Struct, frozen=True, kw_only=True):
    """A scan that comes by itself, each time on one of the workers. Idempotent: it may run twice or late.

    A run that fails is repeated once, a second later; one that takes longer than `deadline` (seconds) has failed.
    """

    name: str
    every: Cadence
    run: Callable[[Runtime], Awaitable[None]]
    deadline: float = 30.0


EVERY_SECOND = Cadence(1)
EVERY_TEN_SECONDS = Cadence(10)
EVERY_MINUTE = Cadence(60)
EVERY_TEN_MINUTES = Cadence(600)
EVERY_HOUR = Cadence(3600, past=17 * 60)
