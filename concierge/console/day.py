"""The last day: minutes that a tick has counted, and what happened after them; the figures are right at any moment."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct, structs

from concierge.console.rendering import BOUND
from concierge.console.store import activity as store
from concierge.console.store.activity import Asked, Bar, Carried, Quarter
from concierge.postgres.query import Conn

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


class Day(Struct, frozen=True):
    """What came and went in 24 hours: in quarters of an hour, by channel, by model."""

    bars: list[Bar]
    channels: list[Carried]
    models: list[Asked]


async def last_day(conn: Conn, *, tenant_id: UUID, now: datetime) -> Day:
    """The day that ends with the present quarter of an hour. What no tick has counted yet is counted here."""
    until = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + QUARTER
    start = until - DAY
    # the newest minute was counted while it lasted, so it is not whole yet
    counted = max(await store.newest(conn) or start, start)
    bars = await store.bars(conn, tenant_id=tenant_id, start=start, until=until, counted=counted)
    channels = await store.carried(conn, tenant_id=tenant_id, start=start, counted=counted)
    models = await store.asked(conn, tenant_id=tenant_id, start=start, counted=counted, bound=BOUND)
    rest = await store.uncounted(conn, tenant_id=tenant_id, start=start, counted=counted, bound=BOUND)
    return Day(_higher(bars, rest), _more(channels, rest), models)


def _higher(bars: list[Bar], rest: list[Quarter]) -> list[Bar]:
    """The bars with what came after them."""
    found = {each.at: each for each in bars}
    for each in rest:
        if (bar := found.get(each.at)) is not None:
            found[each.at] = structs.replace(
                bar,
                received=bar.received + each.received,
                made=bar.made + each.made,
                troubled=bar.troubled + each.failed + each.unknown,
            )
    return list(found.values())


def _more(channels: list[Carried], rest: list[Quarter]) -> list[Carried]:
    """The channels with what came after."""
    found = {each.channel: each for each in channels}
    for each in rest:
        known = found.get(each.channel, Carried(each.channel, 0, 0, 0, 0))
        found[each.channel] = Carried(
            each.channel,
            known.received + each.received,
            known.sent + each.sent,
            known.failed + each.failed,
            known.unknown + each.unknown,
        )
    return [found[channel] for channel in sorted(found)]
