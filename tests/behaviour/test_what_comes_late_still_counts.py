"""Answers, receipts and workers may be late; what they prove is believed, and nothing waits behind them for ever."""

from datetime import timedelta

import msgspec
import pytest

from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage
from concierge.errors import NotAccepted, Refused, Unknown
from concierge.followups.scheduling import Unclear, resolve
from concierge.llm.purposes import Drafted, FoundTask, Reading, When
from concierge.outbox import fates, store
from tests.each import each
from tests.fakes import FrozenClock, RecordingTransport, reading
from tests.fixtures import NOON
from tests.makers import CONFIRMED, SOON, readings, statuses
from tests.world import World, open_world

OPEN = "update conversation set window_until = '2028-01-01'"  # these are not about Meta's 24 hours
FIRST = "select id from outbound_message order by position limit 1"


async def posted(world: World, *, n: int = 1) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob", id=f"wamid.{n}")
    await world.work()
    await world.execute(OPEN)


async def test_a_message_that_is_lost_twice_is_an_operators(db: str, clock: FrozenClock) -> None:
    """Silence proves something once; a provider that takes and never answers must not be fed for ever."""

    def arrange(runtime):
        return msgspec.structs.replace(runtime, transports={"sandbox": RecordingTransport("sandbox", receipts=True)})

    async with open_world(db, clock, arrange=arrange) as world:
        world.outside.outcomes = [Unknown("reset")] * 5
        await posted(world)
        for _ in range(6):
            await world.execute("update outbound_message set receipt_at = %(now)s", now=clock() + timedelta(hours=1))
            await world.pass_time(minutes=3)
        assert len(world.outside.sent) == 2
        assert await world.rows("select kind from notification") == [("unknown",)]


class Late(RecordingTransport):
    """Answers after the lease has ended: meanwhile the message has become unknown."""

    def __init__(self) -> None:
        super().__init__("sandbox")
        self.world: World | None = None

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        self.sent.append(message)
        assert self.world is not None
        self.world.clock.advance(seconds=100)
        async with self.world.runtime.begin() as conn:
            now = self.world.clock()
            await fates.give_up_on_lost(conn, before=now - timedelta(seconds=90), now=now, limit=10)
        if self.outcomes and (outcome := self.outcomes.pop(0)) is not None:
            raise outcome
        return Accepted(provider_message_id="late-1")


@pytest.mark.parametrize(
    ("outcome", "ends"),
    [
        (None, ["queued", "sending", "unknown", "sent"]),
        (NotAccepted("busy"), ["queued", "sending", "unknown", "queued"]),
    ],
    ids=["accepted", "not accepted"],
)
async def test_an_answer_after_the_lease_is_believed(
    db: str, clock: FrozenClock, outcome: NotAccepted | None, ends: list[str]
) -> None:
    late = Late()
    late.outcomes = [outcome]

    def arrange(runtime):
        return msgspec.structs.replace(runtime, transports={"sandbox": late})

    async with open_world(db, clock, arrange=arrange) as world:
        late.world = world
        await posted(world)
        assert await world.moves(await world.one(FIRST)) == ends
        assert len(late.sent) == 1


async def test_what_stands_behind_a_dead_worker_goes_on(world: World) -> None:
    await posted(world)
    await posted(world, n=2)
    # the first was being sent when its worker died, the second waits behind it
    await world.execute("alter table outbound_message disable trigger all")
    await world.execute(
        "update outbound_message set status = 'sending' where position = (select min(position) from outbound_message)"
    )
    await world.execute(
        "update outbound_message set status = 'queued' where position = (select max(position) from outbound_message)"
    )
    await world.execute("alter table outbound_message enable trigger all")
    world.outside.sent.clear()
    await world.pass_time(seconds=91)
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_a_receipt_that_settles_it_wakes_what_stands_behind(world: World) -> None:
    await posted(world)
    await posted(world, n=2)
    first = await world.one(FIRST)
    await world.execute("update outbound_message set status = 'sending' where id = %(id)s", id=first)
    await world.execute("update outbound_message set status = 'queued' where id <> %(id)s", id=first)
    world.outside.sent.clear()
    await world.client.post("/webhook/whatsapp", json=statuses(("delivered", first)))
    await world.work()
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_a_stopped_accounts_queue_hides_nobody_elses(world: World) -> None:
    await posted(world)
    await world.email("Call Bob")
    await world.work()
    await world.execute("update outbound_message set status = 'queued', wake_at = null")
    await world.execute("update channel_account set status = 'reauth_required' where channel = 'email'")
    async with world.runtime.connection() as conn:
        found = await store.forgotten(conn, before=world.clock() + timedelta(hours=1), limit=1)
    assert found == [
        await world.one("select c.id from conversation c join channel_account a on a.id = c.channel_account_id"
                        " where a.channel = 'whatsapp'")
    ]  # fmt: skip


@pytest.fixture
async def failed(world: World) -> World:
    """A task whose reminder was refused."""
    await posted(world)
    world.outside.outcomes = [Refused("no such number")]
    await world.pass_time(days=9)
    assert await world.one("select status from task") == "failed"
    return world


async def test_a_reminder_that_arrived_after_all_finishes_its_task(failed: World) -> None:
    reminder = await failed.one("select reminder_id from task")
    await failed.client.post("/webhook/whatsapp", json=statuses(("delivered", reminder)))
    task = await failed.one("select id from task")
    refused = await failed.admin("POST", f"/admin/tasks/{task}/retry")
    assert refused.status_code == 409
    await failed.tick()
    assert await failed.one("select status from task") == "done"
    assert len(failed.outside.sent) == 2


async def test_a_new_round_cancels_the_reminder_of_the_old_one(failed: World) -> None:
    task, reminder = await failed.one("select id from task"), await failed.one("select reminder_id from task")
    assert (await failed.admin("POST", f"/admin/tasks/{task}/retry")).status_code == 200
    await failed.work()
    assert await failed.one("select status from outbound_message where id = %(id)s", id=reminder) == "cancelled"
    assert (await failed.admin("POST", f"/admin/outbox/{reminder}/retry")).status_code == 409


async def test_an_old_failure_told_again_is_not_told_twice(failed: World) -> None:
    reminder = await failed.one("select reminder_id from task")
    await failed.execute("update notification set acknowledged_at = now()")
    await failed.client.post("/webhook/whatsapp", json=statuses(("failed", reminder)))
    await failed.client.post("/webhook/whatsapp", json=statuses(("sent", reminder)))
    assert await failed.rows("select 1 from notification where acknowledged_at is null") == []


async def test_no_address_of_the_providers_words_stays(world: World) -> None:
    world.outside.outcomes = [Refused("550 <alice@example.com> or +49 151 23456789 unknown")]
    await posted(world)
    for table, column in (("outbound_message", "reason"), ("event", "detail"), ("notification", "text")):
        told = await world.rows(f"select {column} from {table} where {column} is not null")
        assert told == [("550 <[address]> or [number] unknown",)], table


async def test_whatever_a_model_finds_fits_every_channel(world: World) -> None:
    found = FoundTask(title="x" * 9_000, draft=True, when=When(SOON, "minute", "Bob"), answers=None)
    world.model.script = lambda prompt: Reading([found]) if prompt.purpose == "extract" else Drafted("y" * 9_000)
    await world.whatsapp("Call Bob")
    await world.work()
    await world.execute(OPEN)
    await world.pass_time(days=9)
    assert len(world.outside.sent) == 2
    assert max(len(text) for text in world.outside.texts) <= 4_096


@each("wall", ["2027-03-12T09:00-08:00", "2027-03-12", "tomorrow", "2027-03-12T09:00Z"])
def test_what_is_not_a_wall_time_is_asked_about(wall: str) -> None:
    assert resolve(When(wall, "minute", "x"), zone="Europe/Berlin", now=NOON) == Unclear("vague")
