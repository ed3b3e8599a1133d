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
        # taken at once: while others are looked up, what is remembered may be dropped
        known = {each: at_hand for each in external_ids if (at_hand := self._known.get((channel, each)))}
        fresh = {each: account for each, (at, account) in known.items() if abs(now - at) < FRESH}
        if stale := [each for each in external_ids if each not in fresh]:
            fresh |= await self._load(channel, stale, now)
        return {each: account for each, account in fresh.items() if account is not None}

    async def _load(self, channel: str, external_ids: list[str], now: datetime) -> dict[str, ChannelAccount | None]:
        async with self.runtime.pool.connection(timeout=PATIENCE) as conn:
            rows = await store.find_accounts(conn, channel=channel, external_ids=external_ids)
            others = sorted(set(external_ids) - {row.external_id for row in rows})
            # news of a business account is news of its first number
            owned = await store.find_owned(conn, channel=channel, owners=others) if others else []
        accounts = {row.external_id: opened(row, self.runtime.settings) for row in rows}
        accounts |= {row.settings["business_account_id"]: opened(row, self.runtime.settings) for row in owned}
        if len(self._known) > MOST:
            self._known.clear()
        loaded = {each: accounts.get(each) for each in external_ids}
        self._known.update({(channel, each): (now, account) for each, account in loaded.items()})
        return loaded
