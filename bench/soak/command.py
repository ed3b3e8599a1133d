"""The soak as a command: a rig of its own, the table, and an exit status of 1 when the ledgers differ."""

import uvloop

from bench.report import table
from bench.rig import open_rig
from bench.soak.run import Soak, environment, soak
from bench.soak.traffic import EVERY
from concierge.running import free_port


def run(*, seconds: float, rate: float, workers: int, people: int) -> int:
    port = free_port()
    with open_rig(**environment(port)) as rig:
        plan = Soak(seconds=seconds, rate=rate, workers=workers, people=people, trouble=EVERY)
        outcome = uvloop.run(soak(rig, port, plan))
        print(table(outcome.lines, postgres=rig.one("show server_version")))
    for difference in outcome.differences:
        print(f"BAD  {difference}")
    if not outcome.differences:
        print("ok   nothing lost, nothing doubled, everything in order, every status as Meta says")
    return 1 if outcome.differences else 0
