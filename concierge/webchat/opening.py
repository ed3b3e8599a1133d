"""A visitor comes in: as nobody in particular, as somebody the page vouches for, or back with a token."""

from datetime import timedelta
from uuid import UUID, uuid4

from concierge.channels.decoding import clean
from concierge.channels.model import ChannelAccount
from concierge.errors import Forged
from concierge.runtime import Runtime
from concierge.webchat import store, tokens
from concierge.webchat.model import Opened, Opening, Session
from concierge.webchat.proving import prove
from concierge.webchat.tokens import Claims


async def open_session(runtime: Runtime, account: ChannelAccount, wish: Opening) -> Opened:
    """The visitor's session, found or made, with a new token. Raises Forged where a claim is not proven."""
    if wish.user_id is not None:
        prove(account, wish.user_id, wish.user_hash)
        # the page proves its user anew whenever it likes; a token left behind should not outlast a sign-out
        return await _opened(runtime, account, f"user:{clean(wish.user_id)}", wish.name, timedelta(0))
    if wish.token is not None:
        return await _renewed(runtime, account, wish.token)
    return await _opened(runtime, account, f"visitor:{uuid4()}", wish.name, tokens.RENEWABLE)


async def _opened(
    runtime: Runtime, account: ChannelAccount, address: str, name: str | None, renewable: timedelta
) -> Opened:
    now = runtime.clock()
    async with runtime.begin() as conn:
        await store.add_visitor(
            conn, tenant_id=account.tenant_id, address=address, name=clean(name) if name else None, now=now
        )
        id = await store.keep_session(
            conn, tenant_id=account.tenant_id, account_id=account.id, address=address, now=now
        )
    return await _with_token(runtime, id, account.tenant_id, renewable)


async def _renewed(runtime: Runtime, account: ChannelAccount, token: str) -> Opened:
    claims = tokens.read_for_renewal(token, runtime.settings, now=runtime.clock())
    if claims.account_id != account.id:
        raise Forged("the session is another widget's")
    if claims.renewable <= claims.expires:  # or a token that was stolen would live for ever, an hour at a time
        raise Forged("the page must prove its user again")
    return await _with_token(runtime, claims.session_id, claims.tenant_id, tokens.RENEWABLE)


async def _with_token(runtime: Runtime, id: UUID, tenant_id: UUID, renewable: timedelta) -> Opened:
    async with runtime.connection() as conn:
        session = await store.find(conn, id, tenant_id=tenant_id)
    if session is None:
        raise Forged("there is no such session any more")
    return _shown(runtime, session, renewable)


def _shown(runtime: Runtime, session: Session, renewable: timedelta) -> Opened:
    expires = int((runtime.clock() + tokens.LIFETIME).timestamp())
    claims = Claims(
        session_id=session.id,
        tenant_id=session.tenant_id,
        account_id=session.channel_account_id,
        address=session.address,
        expires=expires,
        renewable=expires + int(renewable.total_seconds()),
    )
    return Opened(
        session=session.id,
        token=tokens.sign(claims, runtime.settings),
        expires_at=claims.expires_at,
        renewable_until=claims.renewable_until,
        conversation=session.conversation_id,
        last_seq=session.last_seq,
        delivered_seq=session.delivered_seq,
        read_seq=session.read_seq,
    )
