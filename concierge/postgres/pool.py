"""The pool of connections, and the mark that a transaction is open."""

from asyncio import CancelledError, current_task, shield
from collections import deque
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool

from concierge.errors import HalfDone
from concierge.postgres.query import Conn
from concierge.postgres.silence import ImpatientConnection

LONGEST = 60.0  # seconds of one statement, after which the server ends it
# up to Postgres 17 a scan for want of an index counts as so dear that it is compiled first, for a fifth of a second
BY_INDEX = "-c enable_seqscan=off -c jit=off"
LENT_WITHIN = 4.0  # seconds somebody who waits for an answer waits for a connection
PATIENT = 10.0  # seconds a job does, and a process that begins
REACHED_WITHIN = 1.0  # seconds between attempts to open a connection; after the second, who waits for it is told
UNREACHABLE = 15_000  # milliseconds until a network that takes nothing counts as broken

_open: ContextVar[bool] = ContextVar("transaction_open", default=False)
_joined: ContextVar["_Joined | None"] = ContextVar("transaction_joined", default=None)


class Pool(AsyncConnectionPool[Conn]):
    """Lends the connection that came back last, where psycopg's own pool lends the one that has rested longest.

    A server process meets everything once as a stranger: it reads catalogues, compiles functions, plans statements. So
    few of them shall know much, above all where a message comes once a minute.

    What the server closed while it rested is replaced, not lent: nobody has asked anything of it yet. Who waits while
    no server is reached is told so after REACHED_WITHIN; in a `patient` pool they wait on until their time is over.
    """

    def __init__(self, conninfo: str, *, patient: bool, **options: Any) -> None:
        super().__init__(conninfo, check=self._look, reconnect_timeout=REACHED_WITHIN, **options)
        self.patient = patient

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Conn]:  # noqa: ASYNC109  as it is there
        """Lend one for a while. Raises OperationalError, too, where its server takes no writes any more.

        None of the connections to that server is lent again, and it is not connected to while that is so.
        """
        try:
            async with super().connection(timeout) as conn:
                yield conn
        except ReadOnlySqlTransaction as error:
            await self.drain()
            raise OperationalError("the server takes no writes any more") from error

    async def reach(self) -> None:
        """Wait for a server that may begin when we do, as patiently as a job. Raises OperationalError."""
        usual, self.patient = self.patient, True
        try:
            async with self.connection(timeout=PATIENT):
                pass
        finally:
            self.patient = usual

    async def getconn(self, timeout: float | None = None) -> Conn:  # noqa: ASYNC109  as it is there
        """Lend one, unless whoever asks is cancelled: also in the moment in which it comes.

        psycopg's own pool waits with `asyncio.wait_for`, which forgets that in Python 3.11: a deadline would be missed.
        """
        before = _cancellations()
        conn = await super().getconn(timeout)
        if _cancellations() > before:
            await self.putconn(conn)
            raise CancelledError
        return conn

    async def putconn(self, conn: Conn) -> None:
        """Take it back, also from a borrower who is cancelled meanwhile.

        psycopg's own pool, while it hands a connection to the next who waits, can be cancelled by the one who gives it
        back: then nobody has it, and one place fewer is left until the process ends.
        """
        returning: Awaitable[None] = super().putconn(conn)
        idle = conn.info.transaction_status is TransactionStatus.IDLE
        if self._waiting or self._lock.locked() or not idle:  # else it is done at once, and need not be a task
            returning = shield(returning)
        await returning

    async def reconnect_failed(self) -> None:
        """The patient have another attempt made; the others are told, unless somebody has a connection to give back."""
        if self.patient:
            self._maybe_grow_pool()
        elif not self._nconns:
            told, self._waiting = self._waiting, deque()
            for each in told:
                await each.fail(OperationalError(f"no connection within {REACHED_WITHIN:g} s; the log says why"))

    async def _look(self, conn: Conn) -> None:
        """A look at our end of the socket, which asks nobody. Raises OperationalError where the server closed it."""
        try:
            conn.pgconn.consume_input()  # its last words, if it had any,
            conn.pgconn.consume_input()  # and that there is nobody any more
        except OperationalError:
            await self.drain()  # few end alone
            raise

    async def _get_ready_connection(self, timeout: float | None) -> Conn | None:  # noqa: ASYNC109  as it is there
        self._pool.rotate(1)  # the one behind all others becomes the next
        return await super()._get_ready_connection(timeout)


def _cancellations() -> int:
    """How often this task was told to end."""
    task = current_task()
    return task.cancelling() if task else 0


def make_pool(url: str, *, size: int, name: str, longest: float = LONGEST, steady: bool = False) -> Pool:
    """A pool of `size` autocommit connections, not yet open; no statement takes more than `longest` seconds.

    `steady`: what is asked are few statements, by index, again and again; so they are prepared when they first come,
    and no plan that is kept was made for a table that happened to be empty then. They are a worker's jobs, which wait
    for a server that is silent and go on with it; everybody else is told after a few seconds.
    """
    options = connection_options(url, name=name, longest=longest, settings=BY_INDEX if steady else "")
    return Pool(
        url,
        patient=steady,
        min_size=min(size, 2),
        max_size=size,
        open=False,
        name=name,
        timeout=PATIENT if steady else LENT_WITHIN,
        configure=_autocommit,
        connection_class=AsyncConnection if steady else ImpatientConnection,
        kwargs=options | {"prepare_threshold": 0} if steady else options,
    )


def connection_options(url: str, *, name: str, longest: float = LONGEST, settings: str = "") -> dict[str, Any]:
    """How every connection is opened: a statement that takes too long and a network that is gone come to an end.

    A server that takes no writes (a standby, also one that was the primary until now) counts as none; of several hosts
    in the URL the one that does is found. `longest` in seconds; `settings` as in `-c name=value`. What the URL itself
    says in `options` comes later and wins, so does its `target_session_attrs`.
    """
    given = conninfo_to_dict(url)
    own = filter(None, (f"-c statement_timeout={round(longest * 1000)}", settings, str(given.get("options") or "")))
    return {
        "application_name": f"concierge-{name}",
        "connect_timeout": 5,
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": UNREACHABLE,
        "target_session_attrs": given.get("target_session_attrs") or "read-write",
        "options": " ".join(own),
    }


async def _autocommit(conn: AsyncConnection[Any]) -> None:
    await conn.set_autocommit(True)


class _Joined:
    """A transaction that others are parts of, without savepoints, each of which is two round trips."""

    def __init__(self, conn: Conn) -> None:
        self.conn = conn
        self.broken = False


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Conn]:
    """A connection with a transaction open; commits at the end, rolls back on any error.

    Inside `joined()` it is a part of that transaction, which an error here keeps from being committed.
    """
    if (whole := _joined.get()) is not None:
        try:
            yield whole.conn
        except BaseException:
            whole.broken = True
            raise
        return
    async with pool.connection() as conn, conn.transaction():
        mark = _open.set(True)
        try:
            yield conn
        finally:
            _open.reset(mark)


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[Conn]:
    """A connection for single statements; inside `joined()` that transaction's."""
    if (whole := _joined.get()) is not None:
        yield whole.conn
        return
    async with pool.connection() as conn:
        yield conn


@asynccontextmanager
async def joined(pool: Pool) -> AsyncIterator[Conn]:
    """One transaction for everything that is done inside, whoever begins transactions there: all of it or nothing.

    Raises HalfDone where one of those, or a statement, failed and nobody said so: what it had done cannot be told from
    the rest, and Postgres answers a commit with a silent rollback.
    """
    async with transaction(pool) as conn:
        whole = _Joined(conn)
        mark = _joined.set(whole)
        try:
            yield conn
        finally:
            _joined.reset(mark)
        if whole.broken or conn.info.transaction_status is TransactionStatus.INERROR:
            raise HalfDone


def transaction_is_open() -> bool:
    """Whether this task is inside `transaction()`: no foreign call may be made now."""
    return _open.get()
