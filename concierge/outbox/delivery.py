"""Delivery: claim (committed), one provider call, record what became of it.

Between claim and record nothing is open; a worker that dies there leaves a message in `sending`, which becomes
`unknown` when its lease ends. It is never sent again just because we do not know.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from psycopg import OperationalError

from concierge.channels.model import Accepted, Address, ChannelAccount, OutboundMessage
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, SettingsError, Unknown
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.outbox import store
from concierge.outbox.masking import masked
from concierge.outbox.model import POLICIES, Claimed, Deliver, Outcome
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants.store import AccountRow, find_account, stop_account
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
    while claimed := await _claim(runtime, conversation_id):
        with correlate(claimed.correlation_id):
            await _attempt(runtime, claimed)
        if monotonic() > enough:
            async with runtime.connection() as conn:
                await put(conn, Deliver(conversation_id))
            return


async def _claim(runtime: Runtime, conversation_id: UUID) -> Claimed | None:
    async with runtime.connection() as conn:
        return await store.claim_next(conn, conversation_id=conversation_id, now=runtime.clock())


async def _attempt(runtime: Runtime, claimed: Claimed) -> None:
    async with runtime.connection() as conn:
        row = await find_account(conn, claimed.channel_account_id, tenant_id=claimed.tenant_id)
    try:
        async with asyncio.timeout(CALL):
            accepted = await runtime.send(_letter(claimed), _account(runtime, row))
    except TimeoutError:
        lost = Unknown("The provider took too long.", code="too-long")
        await _recorded(runtime, partial(_record_setback, runtime, claimed, lost))
    except SendError as error:
        await _recorded(runtime, partial(_record_setback, runtime, claimed, error))
    else:
        await _recorded(runtime, partial(_record_accepted, runtime, claimed, accepted))


async def _recorded(runtime: Runtime, record: Callable[[], Awaitable[None]]) -> None:
    """What the provider said is worth patience: a database that restarts now must not make it unknown."""
    async with asyncio.timeout(RECORDING):
        while True:
            try:
                return await record()
            except OperationalError as error:
                log.warning("outcome not recorded yet", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
                with suppress(OperationalError):
                    await runtime.pool.check()


def _account(runtime: Runtime, row: AccountRow) -> ChannelAccount:
    """Raises AccountStopped where its credentials cannot be read: then nothing was sent, and a new key repairs it."""
    try:
        return opened(row, runtime.settings)
    except SettingsError as error:
        raise AccountStopped(str(error)) from None


def _letter(claimed: Claimed) -> OutboundMessage:
    return OutboundMessage(
        id=claimed.id,
        recipient=Address(claimed.address_kind, claimed.address_value),  # type: ignore[arg-type]
        recipient_name=claimed.contact_name,
        text=claimed.payload.text,
        subject=claimed.payload.subject,
        quotes=claimed.payload.quotes,
        references=claimed.payload.references,
        created_at=claimed.created_at,
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
    log.info("sent", outbound_message=str(claimed.id), kind=claimed.kind, tries=claimed.tries)


async def _record_setback(runtime: Runtime, claimed: Claimed, error: SendError) -> None:
    now = runtime.clock()
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
            await notify(conn, claimed.tenant_id, "outbound_message", claimed.id, "failed", reason, now=now)
        if outcome == "account_stopped":
            account = claimed.channel_account_id
            await stop_account(conn, account, tenant_id=claimed.tenant_id, reason=reason, now=now)
            await notify(conn, claimed.tenant_id, "channel_account", account, "stopped", reason, now=now)
    log.warning("not sent", outbound_message=str(claimed.id), outcome=outcome, status=status, code=error.code)


def _verdict(claimed: Claimed, error: SendError, now: datetime) -> tuple[Outcome, str, datetime | None]:
    """(outcome of the attempt, next status of the message, when to try again)."""
    match error:
        case NotAccepted():
            waits = POLICIES[claimed.kind].waits
            if claimed.tries > len(waits):
                return "not_accepted", "failed", None
            seconds = max(waits[claimed.tries - 1], error.retry_after or 0)
            return "not_accepted", "queued", now + timedelta(seconds=seconds)
        case AccountStopped():
            return "account_stopped", "queued", now + timedelta(minutes=1)
        case Refused():
            return "refused", "failed", None
        case _:
            return "unknown", "unknown", None
