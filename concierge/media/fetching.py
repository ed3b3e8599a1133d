"""Fetching: claim one file (committed), ask the vendor, keep the bytes, record what became of it.

Between claim and record nothing is open. Everything may be done twice: asking again changes nothing at the vendor, and
a file is kept under a name that only its row and its content make.
"""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import psycopg

from concierge.channels.model import Attachment, ChannelAccount
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, SettingsError
from concierge.log import correlate, logger
from concierge.media import store
from concierge.media.limits import UNKNOWN, check_size, check_type, type_of
from concierge.media.model import WAITS, Claimed, Fetch
from concierge.notifications import notify
from concierge.outbox.masking import masked
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants.store import find_account, stop_account
from concierge.tenants.vault import opened

LONGEST = 90.0  # seconds for one file, keeping it included
LEASE = timedelta(minutes=5)  # longer than that
REPAIR = timedelta(minutes=10)  # how long a stopped account is left alone
BATCH = 500

log = logger(__name__)


async def fetch(runtime: Runtime, inbound_message_id: UUID) -> None:
    """Fetch what came with the message and is due, one after the other."""
    while claimed := await _claim(runtime, inbound_message_id):
        with correlate(claimed.correlation_id):
            await _attempt(runtime, claimed)


async def wake(runtime: Runtime) -> None:
    """Tick: queue a job for every message with a file whose wait is over, or whose job was lost."""
    async with runtime.begin() as conn:
        ids = await store.wake_due(conn, now=runtime.clock(), lease=LEASE, limit=BATCH)
        await put(conn, *(Fetch(id) for id in ids))


async def give_up(runtime: Runtime, inbound_message_id: UUID, error: BaseException) -> None:
    """What is left of the message's files has failed; an operator is told and may retry them."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        tenant_id = await store.tenant_of(conn, inbound_message_id=inbound_message_id)
        reason = masked(f"{type(error).__name__}: {error}")
        for id in await store.give_up(conn, inbound_message_id=inbound_message_id, reason=reason, now=now):
            await notify(conn, tenant_id, "media", id, "failed", reason, now=now)


async def _claim(runtime: Runtime, inbound_message_id: UUID) -> Claimed | None:
    async with runtime.connection() as conn:
        return await store.claim(conn, inbound_message_id=inbound_message_id, now=runtime.clock(), lease=LEASE)


async def _attempt(runtime: Runtime, claimed: Claimed) -> None:
    try:
        async with asyncio.timeout(LONGEST):
            content, mime_type = await _fetched(runtime, claimed)
            await _keep(runtime, claimed, content, mime_type)
    except SendError as error:
        await _record_setback(runtime, claimed, error)
    except OSError as error:  # the file store, or nobody within LONGEST
        await _record_setback(runtime, claimed, NotAccepted(f"{type(error).__name__}: {error}"))
    except psycopg.Error:
        raise
    except Exception as error:  # a defect of ours, or a file that nobody foresaw: it must not be asked for for ever
        log.error("surprise", media=str(claimed.id), error=type(error).__name__, exc_info=error)  # noqa: TRY400
        await _record_setback(runtime, claimed, NotAccepted(type(error).__name__))


async def _fetched(runtime: Runtime, claimed: Claimed) -> tuple[bytes, str]:
    """The bytes and their type. Raises as `Fetcher.fetch` does."""
    if claimed.tries > len(WAITS) + 1:
        raise NotAccepted("every try ended with its worker")
    limit, allowed = runtime.settings.media_max_bytes, runtime.settings.media_types
    check_size(claimed.size, limit)
    said = type_of(claimed.mime_type, filename=claimed.filename)
    if said != UNKNOWN:
        check_type(said, allowed)
    attachment = Attachment(
        kind=claimed.kind,
        locator=claimed.locator,
        mime_type=claimed.mime_type,
        filename=claimed.filename,
        size=claimed.size,
        sha256=claimed.sha256,
    )
    fetched = await runtime.fetch(attachment, await _account(runtime, claimed), raw=claimed.raw, limit=limit)
    check_size(len(fetched.content), limit)
    mime_type = type_of(fetched.mime_type, claimed.mime_type, filename=claimed.filename)
    check_type(mime_type, allowed)
    if claimed.sha256 is not None and claimed.sha256.lower() != sha256(fetched.content).hexdigest():
        raise NotAccepted("the bytes are not those that the vendor announced", code="sha256")
    return fetched.content, mime_type


async def _account(runtime: Runtime, claimed: Claimed) -> ChannelAccount:
    async with runtime.connection() as conn:
        row = await find_account(conn, claimed.channel_account_id, tenant_id=claimed.tenant_id)
    try:
        return opened(row, runtime.settings)
    except SettingsError as error:
        raise AccountStopped(str(error)) from None


async def _keep(runtime: Runtime, claimed: Claimed, content: bytes, mime_type: str) -> None:
    """Raises OSError where the store does not answer."""
    digest = sha256(content).hexdigest()
    location = f"{claimed.tenant_id}/{digest[:2]}/{digest}-{claimed.id}"
    async with runtime.connection() as conn:
        wanted = await store.place(conn, claimed.id, tenant_id=claimed.tenant_id, location=location)
    if not wanted:
        return
    await runtime.storage().put(location, content)
    async with runtime.connection() as conn:
        await store.record_stored(
            conn,
            claimed.id,
            tenant_id=claimed.tenant_id,
            location=location,
            mime_type=mime_type,
            size=len(content),
            sha256=digest,
            now=runtime.clock(),
        )
    log.info("fetched", media=str(claimed.id), bytes=len(content), tries=claimed.tries)


async def _record_setback(runtime: Runtime, claimed: Claimed, error: SendError) -> None:
    now = runtime.clock()
    status, again_at = _verdict(claimed, error, now)
    stopped, reason = isinstance(error, AccountStopped), masked(str(error))
    async with runtime.begin() as conn:
        settled = await store.record_setback(
            conn,
            claimed.id,
            tenant_id=claimed.tenant_id,
            status=status,
            reason=reason,
            forgiven=1 if stopped else 0,
            again_at=again_at,
            now=now,
        )
        if settled and status == "failed":
            await notify(conn, claimed.tenant_id, "media", claimed.id, "failed", reason, now=now)
        if stopped:
            account = claimed.channel_account_id
            await stop_account(conn, account, tenant_id=claimed.tenant_id, reason=reason, now=now, resume_at=None)
            await notify(conn, claimed.tenant_id, "channel_account", account, "stopped", reason, now=now)
    log.warning("not fetched", media=str(claimed.id), status=status, code=error.code, tries=claimed.tries)


def _verdict(claimed: Claimed, error: SendError, now: datetime) -> tuple[str, datetime | None]:
    """(next status, when to try again)."""
    match error:
        case Refused():
            return "refused", None
        case AccountStopped():
            return "pending", now + REPAIR
        case _ if claimed.tries > len(WAITS):
            return "failed", None
        case _:
            asked = error.retry_after if isinstance(error, NotAccepted) else None
            return "pending", now + timedelta(seconds=max(WAITS[claimed.tries - 1], asked or 0))
