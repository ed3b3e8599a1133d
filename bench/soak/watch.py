"""What grows while it runs: memory of the processes, tables, jobs, what waits."""

import asyncio
import os
import time
from pathlib import Path

from msgspec import Struct

from bench.rig import Rig

MEGABYTE = 1_000_000


class Sample(Struct, frozen=True):
    """One moment. Memory in MB of resident pages by process, the database in MB, and counts."""

    at: float  # seconds since the first one
    memory: dict[str, float]
    database: float
    jobs: int  # all that are kept, finished ones too
    waiting: int  # jobs that could run
    unhandled: int  # conversations
    unsent: int  # messages


async def watch(rig: Rig, samples: list[Sample], *, every: float) -> None:
    """Look every so many seconds until cancelled."""
    begun = time.monotonic()
    while True:
        samples.append(await asyncio.to_thread(look, rig, time.monotonic() - begun))
        await asyncio.sleep(every)


def look(rig: Rig, at: float) -> Sample:
    """The state of things now."""
    [(size, jobs, waiting, unhandled, unsent)] = rig.rows("""
        select pg_database_size(current_database()), (select count(*) from procrastinate_jobs),
               (select count(*) from procrastinate_jobs where status in ('todo', 'doing') and queue_name <> 'ticks'),
               (select count(*) from conversation where handled_seq < last_seq),
               (select count(*) from outbound_message where status in ('queued', 'held', 'sending', 'unknown'))
    """)
    memory = {name: resident(pid) for name, pid in rig.processes.items()}
    return Sample(at, memory, size / MEGABYTE, jobs, waiting, unhandled, unsent)


def resident(pid: int) -> float:
    """MB of memory that a process holds; not a number where there is no /proc."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def slope(points: list[tuple[float, float]]) -> float:
    """Units a minute, by least squares over (seconds, value)."""
    if len(points) < 2:
        return 0.0
    mean_at = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    spread = sum((at - mean_at) ** 2 for at, _ in points)
    return 60 * sum((at - mean_at) * (value - mean) for at, value in points) / spread if spread else 0.0
