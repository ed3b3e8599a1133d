"""Jobs begun and ended together: a busy queue costs a round trip and a commit for several jobs, not two for each.

Several are fetched when several slots are free. Those that end while earlier ends are being written are written next,
together, as arrivals are (ADR 0002). Nothing waits for company, so a quiet queue is as quick as before. What a job is,
when it comes again and who looks for lost ones stays as procrastinate has it (ADR 0068).
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from msgspec import Struct, structs
from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.types import JSONDict

from concierge.postgres.query import Conn
from concierge.worker import store

MOST = 8  # jobs fetched at once: what one process takes, another one that is idle cannot


class Begun(Job):
    """A job of ours. Its lines in the log are made for every step of it and shown to nobody: they cost as little."""

    def log_context(self) -> JSONDict:
        """What procrastinate says of it."""
        return {"id": self.id, "task_name": self.task_name}


class Ended(Struct):
    """A job whose end somebody waits to be written."""

    id: int
    status: str
    written: asyncio.Future[None]


class Batches(JobManager):
    """The jobs of one worker with so many `slots`."""

    def __init__(self, connector: BaseConnector, *, slots: int) -> None:
        super().__init__(connector)
        self._slots = slots
        self._running = 0  # begun and not ended, as far as the worker knows
        self._begun: deque[Job] = deque()  # for the slots that are free
        self._ended: list[Ended] = []
        self._writer: asyncio.Task[None] | None = None

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job, begun; as many others with it as there are free slots."""
        if not self._begun:
            free = max(self._slots - self._running, 1)
            async with self._connection() as conn:
                rows = await store.begin_jobs(
                    conn, queues=list(queues or ()), worker_id=worker_id, most=min(free, MOST)
                )
            self._begun.extend(Begun(**structs.asdict(row)) for row in rows)
        if not self._begun:
            return None
        self._running += 1
        return self._begun.popleft()

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: ARG002, FBT001
        """Write that it has ended; `prune` deletes it."""
        ended = Ended(_id(job), status.value, asyncio.get_running_loop().create_future())
        self._ended.append(ended)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write(), name="ended jobs")
        try:
            await ended.written
        finally:
            self._running -= 1

    def _connection(self) -> AbstractAsyncContextManager[Conn]:
        """Of the queue's own pool."""
        if not isinstance(self.connector, PsycopgConnector):
            raise TypeError("the queue is not in Postgres")
        return self.connector.pool.connection()

    async def _write(self) -> None:
        """The ends that wait, and those that come meanwhile. Whoever waits for one learns of its failure."""
        while self._ended:
            batch, self._ended = self._ended, []
            try:
                async with self._connection() as conn:
                    await store.end_jobs(
                        conn, ids=[each.id for each in batch], statuses=[each.status for each in batch]
                    )
            except Exception as error:  # noqa: BLE001
                for each in batch:
                    each.written.set_exception(error)
            else:
                for each in batch:
                    each.written.set_result(None)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """It comes again, as procrastinate has it; its slot is free."""
        try:
            await super().retry_job(job, retry_at, priority, queue, lock)
        finally:
            self._running -= 1

    async def unregister_worker(self, worker_id: int) -> None:
        """The worker ends. What it fetched and was stopped before is for others."""
        while self._begun:
            async with self._connection() as conn:
                await store.run_again(conn, id=_id(self._begun.popleft()))
        await super().unregister_worker(worker_id)


def _id(job: Job) -> int:
    """Jobs of the queue have one."""
    if job.id is None:
        raise ValueError("the job is not in the queue")
    return job.id
