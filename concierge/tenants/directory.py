"""Which account a webhook is for: asked for every request, answered from memory for a few seconds."""

from collections.abc import Collection
from datetime import datetime, timedelta

from concierge.channels.model import ChannelAccount
from concierge.runtime import Runtime
from concierge.tenants import store
from concierge.tenants.vault import opened

FRESH = timedelta(seconds=5)
MOST = 10_000
PATIENCE = 3.0  # seconds to wait for a connection; the provider waits too


class Directory:
    """Channel accounts by (channel, external id), each remembered for five seconds, unknown ones too."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._known: dict[tuple[str, str], tuple[datetime, ChannelAccount | None]] = {}

    async def find(self, channel: str, external_ids: Collection[str]) -> dict[str, ChannelAccount]:
        """The accounts there are among `external_ids`."""
        now = self.runtime.clock()
        stale = [each for each in external_ids if not self._is_fresh((channel, each), now)]
        if stale:
            await self._load(channel, stale, now)
        found = {each: self._known[channel, each][1] for each in external_ids}
        return {each: account for each, account in found.items() if account is not None}

    def _is_fresh(self, key: tuple[str, str], now: datetime) -> bool:
        known = self._known.get(key)
        return known is not None and abs(now - known[0]) < FRESH

    async def _load(self, channel: str, external_ids: list[str], now: datetime) -> None:
        async with self.runtime.pool.connection(timeout=PATIENCE) as conn:
            rows = await store.find_accounts(conn, channel=channel, external_ids=external_ids)
            others = sorted(set(external_ids) - {row.external_id for row in rows})
            # news of a business account is news of its first number
            owned = await store.find_owned(conn, channel=channel, owners=others) if others else []
        accounts = {row.external_id: opened(row, self.runtime.settings) for row in rows}
        accounts |= {row.settings["business_account_id"]: opened(row, self.runtime.settings) for row in owned}
        if len(self._known) > MOST:
            self._known.clear()
        self._known.update({(channel, each): (now, accounts.get(each)) for each in external_ids})
