"""Echoes: a vendor shows us what left the account. Either it is ours, or a human wrote it in the vendor's own app."""

from datetime import datetime, timedelta

from concierge.channels.decoding import clean
from concierge.channels.model import ChannelAccount, Echo
from concierge.log import logger
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.reports import store

AROUND = timedelta(minutes=5)  # between our call and the vendor's date of the message
BLANK = " \t\r\n"  # vendors trim

log = logger(__name__)


async def settle(conn: Conn, account: ChannelAccount, echo: Echo, *, now: datetime) -> None:
    """Find our own message, by the vendor's id or else by recipient and text, and settle it as sent.

    What is nobody's of ours is kept beside the conversation; it is not a message to us, so nobody answers it.
    """
    where = {
        "tenant_id": account.tenant_id,
        "channel_account_id": account.id,
        "channel": account.channel,
        "kind": echo.recipient.kind,
        "value": echo.recipient.value,
        "provider_message_id": echo.provider_message_id,
        "text": clean(echo.text),
        "at": echo.at,
        "now": now,
    }
    ours = await store.settle_echo(conn, **where, blank=BLANK, around=AROUND)  # type: ignore[arg-type]
    if ours is not None and ours.was == "sending":  # if its worker died, nobody else goes on with what stands behind it
        await put(conn, Deliver(ours.conversation_id))
    if ours is None:
        await store.keep_app_reply(conn, **where)  # type: ignore[arg-type]
        log.info("answered in the app", account=str(account.id))
