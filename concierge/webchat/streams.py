"""The open streams of a web process, woken by one LISTEN connection whenever there may be something new.

Nothing is queued here: a stream that is woken reads the tables from where it is. The first one has the connection made;
once it hears, every stream is woken, so that what was committed before is read as well.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self
from uuid import UUID

from concierge.postgres.listen import Listener
from concierge.runtime import Runtime
from concierge.webchat import store
from concierge.webchat.model import Event, Session

PAGE = 100  # events read at once
READERS = 4  # pool connections that all streams together may use: a rescan of everybody must not starve arrivals


class Streams:
    """The open streams of one web process. Use as an async context manager."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.ending = False
        self._open: dict[UUID, set[asyncio.Event]] = {}
        self._readers = asyncio.Semaphore(READERS)
        url = runtime.settings.database_url.reveal()
        self._listener = Listener(url, "webchat", heard=self._heard, missed=self._wake_all)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.end()
        await self._listener.close()

    def end(self) -> None:
        """Let every stream come to its end, and every new one at once."""
        self.ending = True
        self._wake_all()

    @contextmanager
    def waking(self, session_id: UUID, flag: asyncio.Event) -> Iterator[None]:
        """Inside the block, `flag` is set whenever there may be something new in the session."""
        if not self.ending:
            self._listener.begin()
        flags = self._open.setdefault(session_id, set())
        flags.add(flag)
        try:
            yield
        finally:
            flags.discard(flag)
            if not flags:
                del self._open[session_id]

    async def read(self, session: Session, after: int) -> list[Event]:
        """What comes after that number. Raises OperationalError."""
        async with self._readers, self.runtime.connection() as conn:
            return await store.events_after(
                conn, session_id=session.id, tenant_id=session.tenant_id, after=after, limit=PAGE
            )

    async def is_being_answered(self, session: Session) -> bool:
        """Whether our side is at work on what the visitor wrote. Raises OperationalError."""
        async with self._readers, self.runtime.connection() as conn:
            return await store.is_being_answered(conn, session_id=session.id, tenant_id=session.tenant_id)

    def _heard(self, payload: str) -> None:
        with suppress(ValueError):  # anybody who may connect may notify
            for flag in self._open.get(UUID(payload), ()):
                flag.set()

    def _wake_all(self) -> None:
        for flags in self._open.values():
            for flag in flags:
                flag.set()
