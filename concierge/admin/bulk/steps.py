"""One batch of each kind of operation: what it is done to, how many those are, and where the next batch begins."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from concierge.admin import machine_store
from concierge.admin.bulk.messages import cancel_messages, resolve_messages, retry_messages
from concierge.admin.bulk.model import Batch, Running
from concierge.postgres.query import Conn

SIZE = 200

Step = Callable[[Conn, Running, datetime], Awaitable[Batch]]


async def retry_jobs(conn: Conn, operation: Running, now: datetime) -> Batch:  # noqa: ARG001 - a Step has it
    """Failed jobs run again, each once however often it fails: those up to the newest of when it was asked for."""
    return _batch(await machine_store.retry_some(conn, after=int(operation.place or 0), limit=SIZE, **operation.filter))


async def cancel_jobs(conn: Conn, operation: Running, now: datetime) -> Batch:  # noqa: ARG001
    """Jobs that wait do not run."""
    return _batch(
        await machine_store.cancel_some(conn, after=int(operation.place or 0), limit=SIZE, **operation.filter)
    )


def _batch(swept: machine_store.Swept) -> Batch:
    return Batch(swept.count, None if swept.count < SIZE else str(swept.last))


STEPS: Mapping[str, Step] = {
    "jobs.retry": retry_jobs,
    "jobs.cancel": cancel_jobs,
    "messages.retry": retry_messages,
    "messages.cancel": cancel_messages,
    "messages.resolve": resolve_messages,
}
