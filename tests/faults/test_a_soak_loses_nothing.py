"""`python -m bench soak` in small: real processes, everything delivered twice, answers lost; two ledgers agree.

And the comparison is no formality: rows that are changed behind its back are named.
"""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.rig import Rig
from bench.soak.ledger import differences
from bench.soak.run import Soak, environment, soak
from bench.soak.traffic import LOST, Traffic, parcel
from concierge.running import free_port
from tests.faults.forked import Fork

SMALL = Soak(seconds=1.2, rate=25, workers=1, people=9, trouble=LOST, pause=0.3, haste=10, idle=0, patience=30)


class ForkedRig(Rig):
    """Whose processes have loaded already."""

    @contextmanager
    def started(self, command: str, environ: Mapping[str, str]) -> Iterator[int]:
        fork = Fork([command, "--with-parent"], environ, self.folder / f"{command}.log", {})
        try:
            yield fork.pid
        finally:
            fork.tell(signal.SIGTERM)
            fork.bury()


async def test_a_short_soak_loses_and_doubles_nothing(fresh_db: str, tmp_path: Path) -> None:
    port = free_port()
    rig = ForkedRig(fresh_db, tmp_path, **environment(port))
    await rig.prepare()
    outcome = await soak(rig, port, SMALL)
    assert outcome.differences == []
    figures = {line.what: line.figure for line in outcome.lines}
    assert figures["messages out"] != "0"
    assert {"memory of web 1", "memory of worker 1"} < figures.keys()


def test_differences_are_named(fresh_db: str, tmp_path: Path) -> None:
    """Against an empty database, whatever Meta's books say is missing in ours."""
    traffic = Traffic(people=1)
    traffic.wrote = {"wamid.IN1": ("16500000000", 0), "wamid.IN2": ("16500000000", 1)}
    traffic.untaken = ["wamid.IN2"]
    traffic.fates = {"wamid.SOAK1": "read"}
    told = {"to": "+16500000000", "text": {"body": f"Ask about parcel {parcel(1)}\nAsk about parcel {parcel(0)}"}}
    traffic.graph.accepted = [told, told]
    assert [each.split(": ")[0] for each in differences(Rig(fresh_db, tmp_path), traffic)] == [
        "1 × never answered with 200",
        "2 × came in and is not stored",
        "1 people have 0 conversations",
        "2 × has no follow-up",
        "2 messages have 0 follow-ups",
        "2 × was answered more than once",
        "1 × was answered out of order",
        "1 × was taken by Meta and is not in the outbox",
        "the outbox has 0 messages, Meta took 2",
    ]
