"""Two contacts turn out to be one person: the older one stays, with one open conversation on each account."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concierge.channels.model import Address, ChannelAccount
from concierge.conversations.model import Handle
from concierge.identities import pouring_store as pouring
from concierge.identities import store
from concierge.log import logger
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put

log = logger(__name__)


async def unite(conn: Conn, account: ChannelAccount, addresses: Sequence[Address], *, now: datetime) -> None:
    """Put these addresses on one contact, in a transaction of its own. Harmless to repeat."""
    async with conn.transaction():
        await store.exclude_arrival(conn)
        known = await store.find(
            conn,
            tenant_id=account.tenant_id,
            channel=account.channel,
            kinds=[address.kind for address in addresses],
            values=[address.value for address in addresses],
        )
        contacts = list(dict.fromkeys(each.contact_id for each in known))
        for gone in contacts[1:]:
            await merge(conn, tenant_id=account.tenant_id, kept=contacts[0], gone=gone, now=now)


async def merge(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID, now: datetime) -> None:
    """All that is the one contact's becomes the other's; arrival must be excluded."""
    talks = await store.lock_conversations(conn, tenant_id=tenant_id, kept=kept, gone=gone)
    await store.move_tasks(conn, tenant_id=tenant_id, kept=kept, gone=gone)
    await store.move_summaries(conn, tenant_id=tenant_id, kept=kept, gone=gone)
    going_on = {talk.channel_account_id: talk for talk in talks if talk.open and talk.contact_id == kept}
    for talk in talks:
        if talk.open and talk.contact_id == gone and talk.channel_account_id in going_on:
            into = going_on[talk.channel_account_id]
            await store.move_questions(conn, tenant_id=tenant_id, contact_id=kept, kept=into.id, gone=talk.id)
            await _pour(conn, talk, into.id, tenant_id=tenant_id, now=now)
    await store.move_contact(conn, tenant_id=tenant_id, kept=kept, gone=gone)
    await store.record(conn, tenant_id=tenant_id, subject="contact", subject_id=gone, into=kept, now=now)
    log.info("merged", contact=str(gone), into=str(kept))


async def _pour(conn: Conn, talk: store.Talk, into: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Let a conversation go on in another one, and close it."""
    await store.move_unhandled(conn, tenant_id=tenant_id, kept=into, gone=talk.id)
    await store.move_unsent(conn, tenant_id=tenant_id, kept=into, gone=talk.id)
    whose = {"tenant_id": tenant_id, "kept": into, "gone": talk.id}
    await pouring.move_handoff(conn, **whose, now=now)
    await pouring.move_notices(conn, **whose, now=now)
    await pouring.move_form(conn, **whose)
    await pouring.join_leads(conn, **whose)
    await pouring.drop_lead(conn, **whose)
    asleep = await store.extend(conn, tenant_id=tenant_id, kept=into, gone=talk.id, count=talk.unhandled)
    await store.close(conn, talk.id, tenant_id=tenant_id)
    await store.record(conn, tenant_id=tenant_id, subject="conversation", subject_id=talk.id, into=into, now=now)
    await put(conn, Deliver(into), *([Handle(into)] if asleep and talk.unhandled else []))
