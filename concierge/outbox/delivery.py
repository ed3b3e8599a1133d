"""Delivery: claim (committed), one provider call, record what became of it.

Between claim and record nothing is open; a worker that dies there leaves a message in `sending`, which becomes
`unknown` when its lease ends. It is never sent again just because we do not know.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from psycopg import OperationalError

from concierge.channels.email.tokens import token_of
from concierge.channels.model import Accepted, Address, ChannelAccount, OutboundMessage
from concierge.consent import store as consent
from concierge.consent.model import Reader
from concierge.consent.unsubscribing import url
from concierge.errors import (
    AccountStopped,
    NotAccepted,
    OutsideWindow,
    Refused,
    SendError,
    SettingsError,
    TooFast,
    Unknown,
    Unwanted,
)
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.outbox import store
from concierge.outbox.line.model import Head
from concierge.outbox.line.taking import Claimed, take
from concierge.outbox.masking import masked
from concierge.outbox.model import CROWDED, POLICIES, Deliver, Outcome
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants.store import AccountRow, stop_account
from concierge.tenants.vault import opened

# seconds; a call and its recording end before the lease (reconciling.LEASE), a turn of calls before the job's deadline
CALL = 45.0
RECORDING = 40.0
PAUSE = 0.5
TURN = 30.0

log = logger(__name__)


async def deliver(runtime: Runtime, conversation_id: UUID) -> None:
    """Send what is due in the conversation, one after the other; a long line is continued by another job."""
    enough = monotonic() + TURN
    while claimed := await take(runtime, conversation_id):
        with correlate(claimed.head.correlation_id):
            await _attempt(runtime, claimed)
        async with runtime.connection() as conn:
            if not await store.goes_on(conn, conversation_id):
                return
            if monotonic() > enough:
                await put(conn, Deliver(conversation_id))
                return


async def _attempt(runtime: Runtime, claimed: Claimed) -> None:
    try:
        async with asyncio.timeout(CALL):
            accepted = await runtime.send(_letter(runtime, claimed), _account(runtime, claimed.head.account))
    except TimeoutError:
        lost = Unknown("The provider took too long.", code="too-long")
        await _recorded(partial(_record_setback, runtime, claimed, lost))
    except SendError as error:
        await _recorded(partial(_record_setback, runtime, claimed, error))
    else:
        await _recorded(partial(_record_accepted, runtime, claimed, accepted))


async def _recorded(record: Callable[[], Awaitable[None]]) -> None:
    """What the provider said is worth patience: a database that restarts now must not make it unknown."""
    async with asyncio.timeout(RECORDING):
        while True:
            try:
                return await record()
            except OperationalError as error:
                log.warning("outcome not recorded yet", error=type(error).__name__)
                await asyncio.sleep(PAUSE)


def _account(runtime: Runtime, row: AccountRow) -> ChannelAccount:
    """Raises AccountStopped where its credentials cannot be read: then nothing was sent, and a new key repairs it."""
    try:
        return opened(row, runtime.settings)
    except SettingsError as error:
        raise AccountStopped(str(error)) from None


def _letter(runtime: Runtime, claimed: Claimed) -> OutboundMessage:
    head = claimed.head
    unsubscribe = url(runtime.settings, Reader(head.tenant_id, head.identity_id)) if head.channel == "email" else None
    return OutboundMessage(
        id=head.id,
        attempt=claimed.n,
        recipient=Address(head.address_kind, head.address_value),  # type: ignore[arg-type]
        recipient_name=head.contact_name,
        text=head.payload.text,
        subject=head.payload.subject,
        quotes=head.payload.quotes,
        files=head.payload.files,
        references=head.payload.references or head.thread or [],
        reply_token=token_of(head.conversation_id) if head.settings.get("reply_tokens") is True else None,
        unsubscribe_url=unsubscribe,
        extra=claimed.said_with,
        by_human_agent=claimed.by_human_agent,
        created_at=head.created_at,
    )


async def _record_accepted(runtime: Runtime, claimed: Claimed, accepted: Accepted) -> None:
    async with runtime.connection() as conn:
        await store.record_accepted(
            conn,
            attempt_id=claimed.attempt_id,
            provider_message_id=accepted.provider_message_id,
            response=accepted.response,
            now=runtime.clock(),
        )
    log.info("sent", outbound_message=str(claimed.head.id), kind=claimed.head.kind, tries=claimed.tries)


async def _record_setback(runtime: Runtime, claimed: Claimed, error: SendError) -> None:
    now, head = runtime.clock(), claimed.head
    outcome, status, retry_at = _verdict(claimed, error, now)
    reason = masked(str(error))
    async with runtime.begin() as conn:
        settled = await store.record_setback(
            conn,
            attempt_id=claimed.attempt_id,
            outcome=outcome,
            status=status,
            reason=reason,
            error_code=error.code,
            error=str(error),
            response=error.response,
            retry_at=retry_at,
            forgiven=1 if outcome == "account_stopped" else 0,
            now=now,
        )
        if settled and status == "failed":
            await notify(conn, head.tenant_id, "outbound_message", head.id, "failed", reason, now=now)
        if isinstance(error, Unwanted):
            await _suppress(conn, head, error, reason, now)
        if isinstance(error, OutsideWindow):
            await store.close_window(conn, head.conversation_id, tenant_id=head.tenant_id, now=now)
        if isinstance(error, AccountStopped):
            await _stop(conn, head, error, reason, now)
    log.warning("not sent", outbound_message=str(head.id), outcome=outcome, status=status, code=error.code)


async def _suppress(conn: Conn, head: Head, error: Unwanted, reason: str, now: datetime) -> None:
    """The provider knows that the person does not want to hear from us, so we know it as well."""
    await consent.suppress(
        conn,
        tenant_id=head.tenant_id,
        channel=head.channel,
        kind=head.address_kind,
        value=head.address_value,
        scope=error.scope,
        reason=reason,
        source="platform",
        at=now,
    )


async def _stop(conn: Conn, head: Head, error: AccountStopped, reason: str, now: datetime) -> None:
    """Its queue waits, and an operator is told once; one that only has to rest goes on by itself."""
    account, resume_at = head.channel_account_id, now + error.rest if error.rest else None
    await stop_account(conn, account, tenant_id=head.tenant_id, reason=reason, resume_at=resume_at, now=now)
    await notify(conn, head.tenant_id, "channel_account", account, "stopped", reason, now=now)


def _verdict(claimed: Claimed, error: SendError, now: datetime) -> tuple[Outcome, str, datetime | None]:
    """(outcome of the attempt, next status of the message, when to try again)."""
    match error:
        case NotAccepted():
            waits = CROWDED if isinstance(error, TooFast) else POLICIES[claimed.head.kind].waits
            if claimed.tries > len(waits):
                return "not_accepted", "failed", None
            seconds = max(waits[claimed.tries - 1], error.retry_after or 0)
            return "not_accepted", "queued", now + timedelta(seconds=seconds)
        case AccountStopped():
            return "account_stopped", "queued", now + timedelta(minutes=1)
        case OutsideWindow() if claimed.windowed:
            return "refused", "queued", now  # the window is closed now: a template is chosen, or it is blocked
        case Refused():
            return "refused", "failed", None
        case _:
            return "unknown", "unknown", None
