"""A person has another address now."""

from datetime import datetime

from concierge.channels.model import ChannelAccount, Renamed
from concierge.identities import store
from concierge.identities.merging import merge
from concierge.postgres.query import Conn


async def rename(conn: Conn, account: ChannelAccount, renamed: Renamed, *, now: datetime) -> None:
    """Give the contact behind the old address the new one, and write there from now on. Harmless to repeat.

    Nobody behind the old address: nothing. Somebody else behind the new one: it is the same person, so they are merged.
    """
    tenant_id, channel, new = account.tenant_id, account.channel, renamed.new
    async with conn.transaction():
        await store.exclude_arrival(conn)
        kinds: list[str] = [renamed.old.kind]
        values = [renamed.old.value]
        known = await store.find(conn, tenant_id=tenant_id, channel=channel, kinds=kinds, values=values)
        if not known or renamed.old == new:
            return
        before = known[0]
        await store.add(
            conn,
            tenant_id=tenant_id,
            contact_id=before.contact_id,
            channel=channel,
            kind=new.kind,
            value=new.value,
            now=now,
        )
        both = await store.find(
            conn, tenant_id=tenant_id, channel=channel, kinds=[*kinds, new.kind], values=[*values, new.value]
        )
        kept, *younger = dict.fromkeys(each.contact_id for each in both)
        for gone in younger:
            await merge(conn, tenant_id=tenant_id, kept=kept, gone=gone, now=now)
        (after,) = (each.id for each in both if each.id != before.id)
        await store.redirect(conn, tenant_id=tenant_id, contact_id=kept, old_id=before.id, new_id=after)
