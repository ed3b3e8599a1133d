"""The figures of a soak, as lines of the table."""

from collections.abc import Sequence

from bench.report import Line
from bench.rig import Rig
from bench.soak.traffic import Traffic
from bench.soak.watch import Sample, slope

UNTIL_TAKEN = """
    select extract(epoch from min(a.finished_at) - m.received_at)::float
    from inbound_message m
    join outbound_message o on o.conversation_id = m.conversation_id and o.created_at >= m.received_at
    join delivery_attempt a on a.outbound_message_id = o.id and a.outcome = 'accepted'
    group by m.id
    order by 1
"""


def lines(
    rig: Rig, traffic: Traffic, samples: Sequence[Sample], *, idle: Sample, wrote: float, ended: float
) -> list[Line]:
    """`wrote` and `ended`: seconds until the last message was written, and until all was quiet."""
    count, deliveries, last = len(traffic.wrote), len(traffic.answers), samples[-1]
    receipts = sum(2 * (3 if fate == "read" else 1) for fate in traffic.fates.values())
    taken = [seconds for (seconds,) in rig.rows(UNTIL_TAKEN)]
    grown = last.database - idle.database
    return [
        _line("messages in", f"{count / wrote:,.0f}/s", f"{count:,} in {wrote:,.0f} s, {deliveries:,} deliveries"),
        _line(
            "messages out", f"{len(traffic.fates):,}", f"{receipts:,} receipts in {traffic.posts - deliveries:,} posts"
        ),
        _latency("webhook answered", traffic.answers),
        _latency("arrival to answer taken", taken),
        _line(
            "conversations waiting, at most",
            f"{max(each.unhandled for each in samples):,}",
            f"all quiet {ended - wrote:,.0f} s after the last message",
        ),
        _line("database", f"+{grown:,.0f} MB", f"{grown * 1000 / max(1, count):,.1f} kB a message"),
        _line("jobs kept", f"{last.jobs:,}", f"at most {max(each.waiting for each in samples):,} waiting at once"),
        *(_memory(name, samples, idle, wrote) for name in idle.memory),
    ]


def _memory(name: str, samples: Sequence[Sample], idle: Sample, wrote: float) -> Line:
    """Idle, at the end, at most; and whether it still grew when everything had been running for a while."""
    values = [each.memory[name] for each in samples]
    late = [(each.at, each.memory[name]) for each in samples if wrote / 2 < each.at <= wrote]
    growth = f"{slope(late):+.1f} MB a minute in the second half"
    return _line(
        f"memory of {name}",
        f"{values[-1]:,.0f} MB",
        f"idle {idle.memory[name]:,.0f}, most {max(values):,.0f}; {growth}",
    )


def _latency(what: str, seconds: Sequence[float]) -> Line:
    ordered = sorted(seconds) or [float("nan")]
    p50, p99 = (ordered[len(ordered) * percent // 100] * 1000 for percent in (50, 99))
    return _line(what, f"p50 {p50:,.0f} ms", f"p99 {p99:,.0f} ms")


def _line(what: str, figure: str, detail: str) -> Line:
    return Line(what, figure, "", detail)
