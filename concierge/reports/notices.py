"""Notices: kept, each once; operators are told of those that threaten what the account can do."""

import re
from datetime import datetime
from hashlib import sha256

from concierge.channels.decoding import clean
from concierge.channels.model import ChannelAccount, Notice
from concierge.notifications import notify
from concierge.postgres.query import Conn
from concierge.reports import store

ALWAYS = frozenset({"account_update", "account_alerts", "phone_number_quality_update", "errors"})
BAD_NEWS = frozenset({"message_template_status_update"})  # most of it is good news
_BAD = re.compile(rb"(?i)\b(rejected|paused|disabled|flagged|pending_deletion)\b")


async def keep(conn: Conn, account: ChannelAccount, notice: Notice, *, now: datetime) -> None:
    """Keep a notice; one that matters is told in the same transaction."""
    async with conn.transaction():
        new = await store.keep_notice(
            conn,
            tenant_id=account.tenant_id,
            channel_account_id=account.id,
            kind=clean(notice.kind),
            text=clean(notice.text),
            raw=notice.raw,
            hash=sha256(notice.kind.encode() + b"\0" + notice.raw).digest(),
            at=notice.at,
            now=now,
        )
        if new is not None and _matters(notice):
            kind, text = clean(notice.kind), clean(notice.text)
            await notify(conn, account.tenant_id, "channel_account", account.id, kind, text, now=now)


def _matters(notice: Notice) -> bool:
    if notice.kind in BAD_NEWS:
        return bool(_BAD.search(notice.text.encode()) or _BAD.search(notice.raw))
    return notice.kind in ALWAYS
