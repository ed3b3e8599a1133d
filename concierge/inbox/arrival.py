"""Arrival: everything that came while the last batch was being committed is the next batch.

Nothing waits for a batch to fill, so an idle system answers as fast as one round trip, and a busy one does many
messages in the same round trip. The answer to a webhook leaves after the commit of its batch, never before.
"""

import asyncio
from collections.abc import Sequence
from typing import Self

from msgspec import Struct, field
from psycopg import InterfaceError, OperationalError

from concierge.channels.decoding import fingerprint
from concierge.channels.model import ChannelAccount, Echo, Inbound, Notice, Receipt, Renamed
from concierge.errors import NotStored
from concierge.identities.merging import unite
from concierge.inbox import store
from concierge.inbox.extras import extra
from concierge.inbox.reporting import UNSTORABLE, keep_reports
from concierge.inbox.store import Kept
from concierge.log import logger
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

MOST_DELIVERIES = 50  # in a batch
MOST_WAITING = 5_000  # beyond that the provider is asked to come again
LONGEST_ID = 1_000  # bytes; the index has room for 2,700, and the id is not alone in it
PATIENCE = 3.0  # seconds to wait for a connection before the batch is refused
AWAY = (OperationalError, InterfaceError)

log = logger(__name__)


class Delivery(Struct, kw_only=True):
    """What one webhook request brought, each message with the account it is for."""

    messages: Sequence[tuple[ChannelAccount, Inbound]] = ()
    receipts: Sequence[tuple[ChannelAccount, Receipt]] = ()
    others: Sequence[tuple[ChannelAccount, Renamed | Echo | Notice]] = ()
    channel: str
    unrouted: Sequence[Inbound] = ()
    correlation_id: str
    kept: list[Kept] = field(default_factory=list)


class Arrivals:
    """The batcher of one web process. Use as an async context manager."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._waiting: asyncio.Queue[tuple[Delivery, asyncio.Future[list[Kept]]]] = asyncio.Queue(MOST_WAITING)
        self._batcher: asyncio.Task[None] | None = None
        self._stopping = False

    async def __aenter__(self) -> Self:
        self._batcher = asyncio.create_task(self._run(), name="arrivals")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True  # beside the cancelling: `pool.check()` swallows that
        if self._batcher is not None:
            self._batcher.cancel()
            await asyncio.gather(self._batcher, return_exceptions=True)

    async def accept(self, delivery: Delivery) -> list[Kept]:
        """Keep a delivery; one answer a message, in their order. Raises NotStored when it must come again."""
        future: asyncio.Future[list[Kept]] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((delivery, future))
        except asyncio.QueueFull:
            raise NotStored("too much is arriving at once; please deliver it again") from None
        return await future

    async def _run(self) -> None:
        while not self._stopping:
            batch = [await self._waiting.get()]
            while len(batch) < MOST_DELIVERIES and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._settle(batch)

    async def _settle(self, batch: list[tuple[Delivery, asyncio.Future[list[Kept]]]]) -> None:
        """Keep the batch and answer; one culprit never fails the others."""
        try:
            await self._keep([delivery for delivery, _ in batch])
        except Exception as error:  # whatever one delivery did, the others must not pay for it
            if isinstance(error, AWAY) and not isinstance(error, UNSTORABLE):
                log.warning("not stored", deliveries=len(batch), error=type(error).__name__)
                _refuse(batch)
                await self._mend()
                return
            if len(batch) == 1:
                log.error("not stored", error=type(error).__name__, exc_info=error)  # noqa: TRY400
                _refuse(batch)
            for each in batch if len(batch) > 1 else ():
                await self._settle([each])
        else:
            for delivery, future in batch:
                if not future.done():  # the client may have hung up
                    future.set_result(delivery.kept)

    async def _mend(self) -> None:
        try:
            await self.runtime.pool.check()
        except OperationalError as error:
            log.warning("database away", error=type(error).__name__)

    async def _keep(self, deliveries: list[Delivery]) -> None:
        async with self.runtime.pool.connection(timeout=PATIENCE) as conn:
            try:
                await self._keep_messages(conn, deliveries)
            except UNSTORABLE:
                if len(deliveries) > 1:
                    raise
                await self._keep_one_by_one(conn, deliveries[0])
            for delivery in deliveries:
                await self._keep_unrouted(conn, delivery)
            reports = [each for delivery in deliveries for each in (*delivery.receipts, *delivery.others)]
            await keep_reports(conn, reports, now=self.runtime.clock())

    async def _keep_messages(self, conn: Conn, deliveries: list[Delivery]) -> None:
        rows = [(delivery, *each) for delivery in deliveries for each in delivery.messages]
        if not rows:
            return
        kept = await store.accept(
            conn,
            now=self.runtime.clock(),
            accounts=[account.id for _, account, _ in rows],
            address_kinds=[message.sender.kind for _, _, message in rows],
            address_values=[message.sender.value for _, _, message in rows],
            names=[message.sender_name for _, _, message in rows],
            provider_ids=[message.provider_message_id for _, _, message in rows],
            kinds=[message.kind for _, _, message in rows],
            texts=[message.text for _, _, message in rows],
            subjects=[message.subject for _, _, message in rows],
            quotes=[message.quotes for _, _, message in rows],
            automated=[message.automated for _, _, message in rows],
            sent=[message.sent_at for _, _, message in rows],
            raws=[message.raw for _, _, message in rows],
            correlations=[delivery.correlation_id for delivery, _, _ in rows],
            also_ns=[n for n, (_, _, message) in enumerate(rows, 1) for _ in message.also],
            also_kinds=[address.kind for _, _, message in rows for address in message.also],
            also_values=[address.value for _, _, message in rows for address in message.also],
            extras=[extra(message) for _, _, message in rows],
        )
        for (delivery, account, message), each in zip(rows, kept, strict=True):
            delivery.kept.append(each)
            if each.apart:
                await unite(conn, account, (message.sender, *message.also), now=self.runtime.clock())
            if each.status == "ignored":
                await self._set_aside(conn, delivery, message, "unknown_sender", None)

    async def _keep_one_by_one(self, conn: Conn, delivery: Delivery) -> None:
        """A message that Postgres refuses is kept as it came, for an operator; its neighbours are kept as usual."""
        messages, delivery.kept = delivery.messages, []
        for account, message in messages:
            delivery.messages = [(account, message)]
            try:
                await self._keep_messages(conn, [delivery])
            except UNSTORABLE as error:
                log.warning("unstorable", account=str(account.id), error=type(error).__name__)
                await self._set_aside(conn, delivery, message, "unstorable", type(error).__name__)
                delivery.kept.append(Kept(1, "ignored", None))
        delivery.messages = messages

    async def _keep_unrouted(self, conn: Conn, delivery: Delivery) -> None:
        for message in delivery.unrouted:
            await self._set_aside(conn, delivery, message, "unknown_account", None)

    async def _set_aside(
        self, conn: Conn, delivery: Delivery, message: Inbound, reason: str, detail: str | None
    ) -> None:
        await store.keep_unrouted(
            conn,
            channel=delivery.channel,
            external_id=message.account,
            provider_message_id=_indexable(message.provider_message_id),
            reason=reason,  # type: ignore[arg-type]
            detail=detail,
            raw=message.raw,
            now=self.runtime.clock(),
        )


def _indexable(id: str) -> str:
    """The id, or its fingerprint where it would not fit into an index."""
    return id if len(id.encode()) <= LONGEST_ID else fingerprint(id.encode())


def _refuse(batch: list[tuple[Delivery, asyncio.Future[list[Kept]]]]) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(NotStored())
