"""Out and in again, as the vendors report it."""

from uuid import UUID

from concierge.channels.model import Address, ChannelAccount, OptOut
from concierge.consent import store
from concierge.postgres.query import Conn


async def apply(conn: Conn, opt_out: OptOut, *, account: ChannelAccount) -> None:
    """Suppress or lift what a vendor reports about an address; reports come twice and in any order."""
    address = opt_out.address
    if not isinstance(address, Address):
        await store.suppress_recipient(
            conn,
            tenant_id=account.tenant_id,
            channel_account_id=account.id,
            outbound_id=address if isinstance(address, UUID) else None,
            provider_message_id=address if isinstance(address, str) else None,
            reason=opt_out.reason,
            source="platform",
            at=opt_out.at,
        )
    elif opt_out.wants == "resume":
        await store.lift(
            conn,
            tenant_id=account.tenant_id,
            channel=account.channel,
            kind=address.kind,
            value=address.value,
            scope=opt_out.scope,
            at=opt_out.at,
        )
    else:
        await store.suppress(
            conn,
            tenant_id=account.tenant_id,
            channel=account.channel,
            kind=address.kind,
            value=address.value,
            scope=opt_out.scope,
            reason=opt_out.reason,
            source="platform",
            at=opt_out.at,
        )
