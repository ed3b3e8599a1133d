"""What a batch of deliveries leaves in the database.

The messages of a batch are kept by one statement, in one transaction of its own. What stands beside them (receipts,
what belongs to nobody, what cannot be stored) follows statement by statement on the same autocommit connection, so a
batch that fails half-way has kept a part. That is safe because nobody has answered yet: the provider delivers again,
and every statement here finds what it did before and does nothing twice.
"""

from datetime import datetime
from typing import Literal

import msgspec
import psycopg

from concierge.channels.decoding import fingerprint
from concierge.channels.model import Inbound, Receipt
from concierge.consent.opting import apply
from concierge.inbox import store
from concierge.inbox.model import Delivery
from concierge.inbox.store import Kept
from concierge.log import correlate, logger
from concierge.outbox.receiving import receive
from concierge.postgres.query import Conn

LONGEST_ID = 1_000  # bytes; the index has room for 2,700, and the id is not alone in it
UNSTORABLE = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)  # the message's own fault

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
        await _keep_receipts(conn, delivery, now)
        await _heed_opt_outs(conn, delivery)


async def _keep_messages(conn: Conn, deliveries: list[Delivery], now: datetime) -> None:
    rows = [(delivery, *each) for delivery in deliveries for each in delivery.messages]
    if not rows:
        return
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
    )
    for (delivery, _, message), each in zip(rows, kept, strict=True):
        delivery.kept.append(each)
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


async def _keep_receipts(conn: Conn, delivery: Delivery, now: datetime) -> None:
    """A receipt that Postgres refuses, such as one with an id that another message has, fails no other."""
    for account, receipt in delivery.receipts:
        try:
            await receive(conn, receipt, channel_account_id=account.id, tenant_id=account.tenant_id, now=now)
        except UNSTORABLE as error:
            with correlate(delivery.correlation_id):
                name = type(error).__name__
                log.warning("unstorable", account=str(account.id), receipt=receipt.status, error=name)
            await _set_aside(conn, delivery, receipt, "unstorable", name, now)


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
    event: Inbound | Receipt,
    reason: Literal["unknown_account", "unknown_sender", "unstorable"],
    detail: str | None,
    now: datetime,
) -> None:
    """Keep it for an operator, as it came."""
    await store.keep_unrouted(
        conn,
        channel=delivery.channel,
        external_id=_indexable(event.account),
        provider_message_id=_indexable(event.provider_message_id or ""),
        reason=reason,
        detail=detail,
        raw=event.raw if isinstance(event, Inbound) else msgspec.json.encode(event),
        now=now,
    )


def _indexable(id: str) -> str:
    """The id, or its fingerprint where it would not fit into an index."""
    return id if len(id.encode()) <= LONGEST_ID else fingerprint(id.encode())
