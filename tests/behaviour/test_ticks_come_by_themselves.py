"""Each tick comes at its times, on one of the workers; what fails, is slow or was cut off is its own affair."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from procrastinate import App, periodic
from procrastinate.testing import InMemoryConnector

from concierge.runtime import Runtime
from concierge.work import Cadence, Tick
from concierge.worker import supervisor, ticking
from concierge.worker.ticking import Ticking, declare
from tests.world import KEY, World

RARELY = Cadence(1_500_000_000)  # seconds after 1970: in 2017 and in 2065, never during a test
PASSED = "update tick set came_at = came_at - period"


class Ticks:
    """Some of our own, which count how often they ran."""

    def __init__(self, world: World, *names: str) -> None:
        self.world = world
        self.ran: Counter[str] = Counter()
        self.known = {name: Tick(name=name, every=RARELY, run=partial(self._run, name)) for name in names}
        self.meanwhile: dict[str, Callable[[], Awaitable[Any]]] = {}

    async def _run(self, name: str, runtime: Runtime) -> None:
        assert runtime is self.world.runtime
        self.ran[name] += 1
        if name in self.meanwhile:
            await self.meanwhile[name]()

    async def declare(self, *names: str) -> None:
        await declare(self.world.runtime, [self.known[name] for name in names or self.known])

    def worker(self, *names: str) -> Ticking:
        return Ticking(self.world.runtime, [self.known[name] for name in names or self.known])

    async def look(self, workers: int = 1) -> None:
        """So many workers look at the same time, and end when everything that came has ended."""
        await asyncio.gather(*(self.worker().come() for _ in range(workers)))

    async def listed(self) -> dict[str, dict[str, Any]]:
        answer = await self.world.client.get("/v1/admin/periodics", headers={"x-api-key": KEY})
        return {each["name"]: each for each in answer.json()["data"]}


async def test_each_comes_once_however_many_look(world: World) -> None:
    ticks = Ticks(world, *"abcdef")
    await ticks.declare()
    await ticks.look(workers=3)
    assert ticks.ran == Counter("abcdef"), "what never came, comes at once"
    await ticks.look(workers=3)
    assert ticks.ran == Counter("abcdef"), "their time has not come again"
    await world.execute(f"{PASSED} where name in ('b', 'e')")
    await ticks.look(workers=3)
    assert ticks.ran == Counter("abcdefbe")
    await world.execute("update tick set came_at = now() + 2 * period where name = 'c'")
    await ticks.look(workers=3)
    assert ticks.ran == Counter("abcdefbec"), "a clock that was set back holds nothing up"


async def test_what_another_marks_just_now_is_passed_over(world: World) -> None:
    ticks = Ticks(world, "a", "b")
    await ticks.declare()
    async with world.runtime.begin() as other:
        await other.execute("update tick set came_at = now() where name = 'a'")
        await ticks.look()
        assert ticks.ran == Counter("b")
    await ticks.look()
    assert ticks.ran == Counter("b"), "it came there"


@pytest.mark.parametrize("past", [0, 1020])
async def test_a_tick_comes_at_its_own_times(world: World, past: int) -> None:
    ticks = Ticks(world, "a")
    ticks.known["a"] = Tick(name="a", every=Cadence(RARELY.period, past=past), run=ticks.known["a"].run)
    await ticks.declare()
    for seconds, times in ((0, 0), (-1, 1)):  # it came when it last should have, or a second earlier
        at = RARELY.period + past + seconds
        await world.execute("update tick set came_at = to_timestamp(%(at)s)", at=at)
        await ticks.look()
        assert ticks.ran["a"] == times


async def test_what_fails_is_tried_twice_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ticking, "AGAIN", 0)
    ticks = Ticks(world, "a.fails", "b.hangs", "c.works")
    ticks.known["b.hangs"] = Tick(name="b.hangs", every=RARELY, run=ticks.known["b.hangs"].run, deadline=0.01)
    failing = {"a.fails": partial(_raise, OSError("secret words")), "b.hangs": asyncio.Event().wait}
    ticks.meanwhile = failing.copy()
    await ticks.declare()
    await ticks.look()
    assert ticks.ran == {"a.fails": 2, "b.hangs": 2, "c.works": 1}
    said = await ticks.listed()
    assert {name: each["error"] for name, each in said.items()} == {
        "a.fails": "OSError",
        "b.hangs": "TimeoutError",
        "c.works": None,
    }
    assert {name for name, each in said.items() if each["failing_since"]} == failing.keys()
    lines = capsys.readouterr().out.splitlines()
    assert sum("tick failed" in line and "tick=a.fails" in line for line in lines) == 2
    await world.execute(PASSED)
    await ticks.look()
    assert await ticks.listed() == {
        name: said[name] | {"last_at": each["last_at"]} for name, each in (await ticks.listed()).items()
    }
    ticks.meanwhile["a.fails"] = partial(_raise, KeyError())
    del ticks.meanwhile["b.hangs"]
    await world.execute(PASSED)
    await ticks.look()
    now = await ticks.listed()
    assert (now["a.fails"]["error"], now["a.fails"]["failing_since"]) == ("KeyError", said["a.fails"]["failing_since"])
    assert (now["b.hangs"]["error"], now["b.hangs"]["failing_since"]) == (None, None)


async def _raise(error: Exception) -> None:
    raise error


async def _say(event: asyncio.Event) -> None:
    event.set()


async def test_a_slow_one_holds_nobody_up_and_comes_again_when_it_is_cut_off(world: World) -> None:
    ticks = Ticks(world, "a.slow", "b.quick")
    ticks.meanwhile = {"a.slow": asyncio.Event().wait}
    await ticks.declare()
    worker, quick = ticks.worker(), asyncio.Event()
    ticks.meanwhile["b.quick"] = partial(_say, quick)
    first = asyncio.create_task(worker.come())
    await quick.wait()
    await world.execute(PASSED)
    await worker.come()
    assert ticks.ran == {"a.slow": 1, "b.quick": 2}, "a worker runs it once at a time"
    await world.execute("update tick set came_at = now()")
    first.cancel()
    assert await asyncio.gather(first, return_exceptions=True) != [None]
    ticks.meanwhile = {}
    await ticks.look()
    assert ticks.ran == {"a.slow": 2, "b.quick": 2}


async def test_while_versions_change_each_has_its_own(world: World) -> None:
    """A new worker has another tick, and lacks one; the old one goes on until it is stopped."""
    ticks = Ticks(world, "both", "new", "old")
    await ticks.declare("both", "old")
    world.clock.advance(minutes=1)
    await ticks.declare("both", "new")
    assert (await ticks.listed()).keys() == {"both", "new"}
    for names in (("both", "old"), ("both", "new")):
        await ticks.worker(*names).come()
    assert ticks.ran == Counter(both=1, new=1, old=1)
    await world.execute("update tick set came_at = %(now)s - interval '2 days' where name = 'old'", now=world.clock())
    await ticks.declare("both", "new")
    assert await world.one("select count(*) from tick") == 2


async def test_what_a_machine_slept_through_is_not_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a clock that was set back keep the ticks waiting until it is as late again."""
    looks, put, done = [100.5, 101.6, 101.9, 900.5, 50.5], [], asyncio.Event()

    async def sleep(*_: object, **__: object) -> None:
        put.append(len(queue.jobs))
        if len(put) == len(looks):
            done.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(periodic, "time", SimpleNamespace(time=lambda: looks[len(put)]))
    monkeypatch.setattr(periodic.PeriodicDeferrer, "wait", sleep)
    app = App(connector=(queue := InMemoryConnector()))
    app.periodic(cron="* * * * * *")(app.task(name="tick")(lambda timestamp: None))
    async with app.open_async():
        scheduling = asyncio.create_task(supervisor.Watched(app)._periodic_deferrer())
        await done.wait()
        scheduling.cancel()
    assert put == [1, 2, 2, 3, 4]
