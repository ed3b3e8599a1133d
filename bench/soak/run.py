"""One soak from beginning to end, and the lines that tell of it."""

import asyncio
import time
from contextlib import ExitStack
from statistics import median

from msgspec import Struct

from bench.report import Line
from bench.rig import SECRET, Rig
from bench.soak.ledger import differences
from bench.soak.traffic import TOKEN, Traffic, Trouble
from bench.soak.watch import Sample, look, slope, watch

IDLE = 3.0  # seconds of rest before the first look at memory
PATIENCE = 240.0  # seconds until the last message must have met its fate


class Soak(Struct, frozen=True, kw_only=True):
    """How much, for how long, through how many workers."""

    seconds: float
    rate: float
    workers: int
    people: int
    trouble: Trouble
    idle: float = IDLE
    patience: float = PATIENCE


class Outcome(Struct, frozen=True):
    """What came of it: differences between the ledgers, and figures."""

    differences: list[str]
    lines: list[Line]


def environment(port: int) -> dict[str, str]:
    """What points our processes at a simulator on this port."""
    return {
        "WHATSAPP_TRANSPORT": "whatsapp",
        "WHATSAPP_BASE_URL": f"http://127.0.0.1:{port}",
        "WHATSAPP_ACCESS_TOKEN": TOKEN,
        "WHATSAPP_VERIFY_TOKEN": SECRET,
    }


async def soak(rig: Rig, port: int, plan: Soak) -> Outcome:
    """Start the processes, let people write, wait for the end, compare. `port` is what `environment` was told."""
    # a number that Meta has upgraded: with 80 messages a second the soak would measure the waiting
    rig.rows("""update channel_account set settings = settings || '{"rate": 1000}' where channel = 'whatsapp'""")
    traffic, samples = Traffic(people=plan.people), list[Sample]()
    with ExitStack() as processes:
        async with traffic.serving(port):
            url = f"http://127.0.0.1:{await asyncio.to_thread(processes.enter_context, rig.web())}/webhook/whatsapp"
            for _ in range(plan.workers):
                await asyncio.to_thread(processes.enter_context, rig.worker())
            async with traffic.connected(url):
                await asyncio.sleep(plan.idle)
                idle = look(rig, 0)
                beside = [
                    asyncio.create_task(watch(rig, samples, every=max(0.5, plan.seconds / 120))),
                    asyncio.create_task(traffic.trouble(plan.trouble)),
                ]
                begun = time.monotonic()
                await traffic.write(rate=plan.rate, seconds=plan.seconds)
                wrote = time.monotonic() - begun
                await _settled(rig, traffic, plan.patience)
                ended = time.monotonic() - begun
                for task in beside:
                    task.cancel()
                samples.append(look(rig, ended))
        found = differences(rig, traffic)
    return Outcome(found, _lines(rig, traffic, plan, samples, idle=idle, wrote=wrote, ended=ended))


async def _settled(rig: Rig, traffic: Traffic, patience: float) -> None:
    """Wait until nothing is on its way any more, or it is clear that something is stuck: the ledger will tell."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        now = await asyncio.to_thread(look, rig, 0.0)
        if not (now.waiting or now.unhandled or now.unsent or traffic.reporter.waiting):
            return
        await asyncio.sleep(0.2)


def _lines(
    rig: Rig, traffic: Traffic, plan: Soak, samples: list[Sample], *, idle: Sample, wrote: float, ended: float
) -> list[Line]:
    count, deliveries = len(traffic.wrote), len(traffic.answers)
    answers = sorted(traffic.answers)
    sent = sorted(
        value
        for (value,) in rig.rows("""
            select extract(epoch from min(a.finished_at) - m.received_at)::float
            from task t join inbound_message m on m.id = t.inbound_message_id
            join outbound_message o on o.conversation_id = m.conversation_id and o.created_at >= m.received_at
            join delivery_attempt a on a.outbound_message_id = o.id
            group by m.id
        """)
    )
    receipts = sum(2 * (3 if fate == "read" else 1) for fate in traffic.fates.values())
    statements = rig.one("select count(*) from event")
    last = samples[-1]
    lines = [
        Line("messages in", f"{count / wrote:,.0f}/s", "", f"{count:,} in {wrote:,.0f} s, {deliveries:,} deliveries"),
        Line(
            "messages out",
            f"{len(traffic.graph.accepted):,}",
            "",
            f"{receipts:,} receipts in {traffic.posts - deliveries:,} posts",
        ),
        Line("webhook answered", f"p50 {_ms(answers, 50)}", "", f"p99 {_ms(answers, 99)}"),
        Line("arrival to answer taken", f"p50 {_ms(sent, 50)}", "", f"p99 {_ms(sent, 99)}"),
        Line(
            "most conversations waiting",
            f"{max(each.unhandled for each in samples):,}",
            "",
            f"quiet {ended - wrote:,.0f} s after the last message",
        ),
        Line(
            "database",
            f"{last.database - idle.database:,.0f} MB",
            "",
            f"{(last.database - idle.database) * 1000 / max(1, count):,.1f} kB a message; {statements:,} events",
        ),
        Line("jobs kept", f"{last.jobs:,}", "", f"most waiting at once {max(each.waiting for each in samples):,}"),
    ]
    for name in idle.memory:
        values = [each.memory[name] for each in samples]
        late = [(each.at, each.memory[name]) for each in samples if each.at > wrote / 2 and each.at <= wrote]
        detail = f"idle {idle.memory[name]:,.0f} MB, most {max(values):,.0f} MB, {slope(late):+.1f} MB a minute in the second half"
        lines.append(Line(f"memory of {name}", f"{values[-1]:,.0f} MB", "", detail))
    return lines


def _ms(ordered: list[float], percent: int) -> str:
    if not ordered:
        return "–"
    value = median(ordered) if percent == 50 else ordered[len(ordered) * percent // 100]
    return f"{value * 1000:,.0f} ms"
