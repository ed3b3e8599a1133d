"""Everything in a delivery that is not a message: receipts, echoes, new addresses, notices."""

from datetime import datetime

from concierge.channels.model import ChannelAccount, Echo, Notice, Receipt, Renamed
from concierge.identities.renaming import rename
from concierge.outbox.receiving import receive
from concierge.postgres.query import Conn
from concierge.reports.echoes import settle
from concierge.reports.notices import keep

Report = Receipt | Renamed | Echo | Notice


async def keep_report(conn: Conn, account: ChannelAccount, report: Report, *, now: datetime) -> None:
    """Keep one; harmless to repeat."""
    match report:
        case Receipt():
            await receive(conn, report, channel_account_id=account.id, tenant_id=account.tenant_id, now=now)
        case Renamed():
            await rename(conn, account, report, now=now)
        case Echo():
            await settle(conn, account, report, now=now)
        case Notice():
            await keep(conn, account, report, now=now)
