"""What a batch of deliveries leaves in the database.

The messages of a batch are kept by one statement, in one transaction of its own. What stands beside them (receipts,
two contacts that are one person, what belongs to nobody, what cannot be stored) follows statement by statement on the
same autocommit connection, so a batch that fails half-way has kept a part. That is safe because nobody has answered
yet: the provider delivers again, and every statement here finds what it did before and does nothing twice.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Literal

import msgspec
import psycopg

from concierge.channels.decoding import fingerprint
from concierge.channels.model import ChannelAccount, Inbound, Notice, Receipt, Renamed
from concierge.consent.opting import apply
from concierge.identities.merging import unite
from concierge.inbox import store
from concierge.inbox.answering import with_writers
from concierge.inbox.extras import extra
from concierge.inbox.model import Delivery
from concierge.inbox.reporting import Report, keep_report
from concierge.inbox.store import Kept
from concierge.log import correlate, logger
from concierge.outbox.receiving import news
from concierge.postgres.query import Conn

LONGEST_ID = 1_000  # bytes; the index has room for 2,700, and the id is not alone in it
TOGETHER = 100  # receipts in a transaction; a worker may wait for one of their messages
UNSTORABLE = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)  # the message's own fault
AWAY = (psycopg.OperationalError, psycopg.InterfaceError)  # the database's fault

log = logger(__name__)


async def keep(conn: Conn, deliveries: list[Delivery], *, now: datetime) -> None:
    """Keep the deliveries on an autocommit connection and fill their `kept`; harmless to repeat.

    Raises UNSTORABLE when one of several holds what Postgres refuses: then each has to be kept by itself.
    """
    for delivery in deliveries:
        delivery.kept = []  # of an earlier run that failed half-way
    try:
        await _keep_messages(conn, deliveries, now)
    except UNSTORABLE:
        if len(deliveries) > 1:
            raise
        await _keep_one_by_one(conn, deliveries[0], now)
    for delivery in deliveries:
        for message in delivery.unrouted:
            await _set_aside(conn, delivery, message, "unknown_account", None, now)
    await _keep_receipts(conn, deliveries, now)
    await _keep_each(conn, [(each, *other) for each in deliveries for other in each.others], now)
    for delivery in deliveries:
        await _heed_opt_outs(conn, delivery)


async def _keep_messages(conn: Conn, deliveries: list[Delivery], now: datetime) -> None:
    rows = [(delivery, *each) for delivery in deliveries for each in delivery.messages]
    if not rows:
        return
    rows = await with_writers(conn, rows)
    kept = await store.accept(
        conn,
        now=now,
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
            await unite(conn, account, (message.sender, *message.also), now=now)
        if each.status == "ignored":
            await _set_aside(conn, delivery, message, "unknown_sender", None, now)


async def _keep_one_by_one(conn: Conn, delivery: Delivery, now: datetime) -> None:
    """A message that Postgres refuses is kept as it came, for an operator; its neighbours are kept as usual."""
    messages, delivery.kept = delivery.messages, []
    for account, message in messages:
        delivery.messages = [(account, message)]
        try:
            await _keep_messages(conn, [delivery], now)
        except UNSTORABLE as error:
            log.warning("unstorable", account=str(account.id), error=type(error).__name__)
            await _set_aside(conn, delivery, message, "unstorable", type(error).__name__, now)
            delivery.kept.append(Kept(1, "ignored", None))
    delivery.messages = messages


async def _keep_receipts(conn: Conn, deliveries: list[Delivery], now: datetime) -> None:
    """Vendors send three for each message of ours, and send them again: what a batch has to tell shares its commits."""
    every = [(each, *receipt) for each in deliveries for receipt in each.receipts]
    every.sort(key=lambda each: _lock_order(each[1], each[2]))
    for first in range(0, len(every), TOGETHER):
        some = every[first : first + TOGETHER]
        try:
            if len(some) > 1:  # a single one is asked when it is kept
                fresh = await news(conn, [(account.id, receipt) for _, account, receipt in some])
                some = [each for each, is_news in zip(some, fresh, strict=True) if is_news]
            async with conn.transaction() if len(some) > 1 else nullcontext():
                for _, account, receipt in some:
                    await keep_report(conn, account, receipt, now=now)
        except Exception as error:
            if isinstance(error, AWAY) and not isinstance(error, psycopg.errors.DeadlockDetected):
                raise
            await _keep_each(conn, some, now)


def _lock_order(account: ChannelAccount, receipt: Receipt) -> tuple[str, str, str]:
    """The same for every process, so that two with the same receipts never wait for each other."""
    return str(account.id), str(receipt.outbound_id), str(receipt.provider_message_id)


async def _keep_each(conn: Conn, reports: Sequence[tuple[Delivery, ChannelAccount, Report]], now: datetime) -> None:
    """What is not a message: one that Postgres refuses, such as a receipt with another message's id, fails no other.

    Any other failure is raised when all have had their turn.
    """
    failure: Exception | None = None
    for delivery, account, report in reports:
        try:
            await keep_report(conn, account, report, now=now)
        except UNSTORABLE as error:
            with correlate(delivery.correlation_id):
                name = type(error).__name__
                log.warning("unstorable", account=str(account.id), report=type(report).__name__, error=name)
            await _set_aside(conn, delivery, report, "unstorable", name, now)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  the others must not pay for it
            failure = error
    if failure is not None:
        raise failure


async def _heed_opt_outs(conn: Conn, delivery: Delivery) -> None:
    """One that Postgres refuses fails no other."""
    for account, opt_out in delivery.opt_outs:
        try:
            await apply(conn, opt_out, account=account)
        except UNSTORABLE as error:
            with correlate(delivery.correlation_id):
                log.warning("unstorable", account=str(account.id), opt_out=opt_out.wants, error=type(error).__name__)


async def _set_aside(
    conn: Conn,
    delivery: Delivery,
    event: Inbound | Report,
    reason: Literal["unknown_account", "unknown_sender", "unstorable"],
    detail: str | None,
    now: datetime,
) -> None:
    """Keep it for an operator, as it came."""
    raw = event.raw if isinstance(event, Inbound) else msgspec.json.encode(event)
    id = None if isinstance(event, Renamed | Notice) else event.provider_message_id
    await store.keep_unrouted(
        conn,
        channel=delivery.channel,
        external_id=_indexable(event.account),
        provider_message_id=_indexable(id or fingerprint(raw)),
        reason=reason,
        detail=detail,
        raw=raw,
        now=now,
    )


def _indexable(id: str) -> str:
    """The id, or its fingerprint where it would not fit into an index."""
    return id if len(id.encode()) <= LONGEST_ID else fingerprint(id.encode())
