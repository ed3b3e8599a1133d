"""Jobs as data: what shall be done next, put into the queue by the transaction that makes it necessary.

The Struct stands low (beside the room that puts it), its worker stands high (`<room>/jobs.py`), so a room can ask
for work it must not import. Arguments are ids only: a job may be read by anybody who may read the database.
"""

from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from concierge.postgres.query import Conn, query


class Job(Struct, frozen=True):
    """One piece of work. `kind` names it for ever: rows in the queue carry it."""

    kind: ClassVar[str]
    queue: ClassVar[str]
    priority: ClassVar[int] = 0


async def put(conn: Conn, *jobs: Job) -> None:
    """Queue the jobs; they exist once the caller's transaction commits."""
    if jobs:  # most ticks find nothing to do, and need not ask the database for it
        await _defer(
            conn,
            queues=[job.queue for job in jobs],
            kinds=[job.kind for job in jobs],
            priorities=[job.priority for job in jobs],
            args=[Jsonb(_arguments(job)) for job in jobs],
        )


def _arguments(job: Job) -> dict[str, Any]:
    return msgspec.to_builtins(job)  # type: ignore[no-any-return]


@query("""
    select procrastinate_defer_jobs_v1(array_agg(
        row(queue, kind, priority, null, null, args, null)::procrastinate_job_to_defer_v1 order by ord))
    from unnest(%(queues)s::text[], %(kinds)s::text[], %(priorities)s::int[], %(args)s::jsonb[])
         with ordinality as job (queue, kind, priority, args, ord)
""")
async def _defer(conn: Conn, *, queues: list[str], kinds: list[str], priorities: list[int], args: list[Jsonb]) -> None:
    """procrastinate's own function for deferring; no `lock` and no `queueing_lock` (docs/decisions)."""
