"""One soak from beginning to end, and the lines that tell of it."""

import asyncio
import time
from contextlib import ExitStack

from msgspec import Struct

from bench.report import Line
from bench.rig import SECRET, Rig
from bench.soak.figures import lines
from bench.soak.ledger import differences
from bench.soak.traffic import PAUSE, TOKEN, Traffic, Trouble
from bench.soak.watch import Sample, look, watch

IDLE = 3.0  # seconds of rest before the first look at memory
PATIENCE = 240.0  # seconds until the last message must have met its fate


class Soak(Struct, frozen=True, kw_only=True):
    """How much, for how long, through how many workers. Times in seconds."""

    seconds: float
    rate: float
    workers: int
    people: int  # who write again before their last message is answered may have both answered by one
    trouble: Trouble
    pause: float = PAUSE  # between two troubles
    haste: float = 1.0  # what takes Meta seconds takes it so much less
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
    traffic, samples = Traffic(people=plan.people, haste=plan.haste), list[Sample]()
    with ExitStack() as processes:
        async with traffic.serving(port):
            started = (rig.web(), rig.workers(plan.workers))
            web, _ = await asyncio.gather(*(asyncio.to_thread(processes.enter_context, each) for each in started))
            async with traffic.connected(f"http://127.0.0.1:{web}/webhook/whatsapp"):
                await asyncio.sleep(plan.idle)
                idle = look(rig, 0)
                beside = [
                    asyncio.create_task(watch(rig, samples, every=max(0.5, plan.seconds / 120))),
                    asyncio.create_task(traffic.trouble(plan.trouble, pause=plan.pause)),
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
    return Outcome(found, lines(rig, traffic, samples, idle=idle, wrote=wrote, ended=ended))


async def _settled(rig: Rig, traffic: Traffic, patience: float) -> None:
    """Wait until nothing is on its way any more, or it is clear that something is stuck: the ledger will tell."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        now = await asyncio.to_thread(look, rig, 0.0)
        if not (now.waiting or now.unhandled or now.unsent or traffic.reporter.waiting):
            return
        await asyncio.sleep(0.2)
