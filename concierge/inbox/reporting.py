"""Everything in a delivery that is not a message: receipts, echoes, new addresses, notices. Each stands for itself."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from concierge.channels.model import ChannelAccount, Echo, Notice, Receipt, Renamed
from concierge.identities.renaming import rename
from concierge.log import logger
from concierge.outbox.receiving import receive
from concierge.postgres.query import Conn
from concierge.reports.echoes import settle
from concierge.reports.notices import keep

UNSTORABLE = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)  # its own fault

log = logger(__name__)

Report = Receipt | Renamed | Echo | Notice


async def keep_reports(conn: Conn, reports: Sequence[tuple[ChannelAccount, Report]], *, now: datetime) -> None:
    """Keep them all. One that Postgres refuses is logged and left out; another failure is raised after the last one."""
    failure: Exception | None = None
    for account, report in reports:
        try:
            await _keep(conn, account, report, now)
        except UNSTORABLE as error:
            log.warning("unstorable", account=str(account.id), kind=type(report).__name__, error=type(error).__name__)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001  the others must not pay for it
            failure = error
    if failure is not None:
        raise failure


async def _keep(conn: Conn, account: ChannelAccount, report: Report, now: datetime) -> None:
    match report:
        case Receipt():
            await receive(conn, report, channel_account_id=account.id, tenant_id=account.tenant_id, now=now)
        case Renamed():
            await rename(conn, account, report, now=now)
        case Echo():
            await settle(conn, account, report, now=now)
        case Notice():
            await keep(conn, account, report, now=now)
