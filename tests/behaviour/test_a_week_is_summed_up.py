"""Seven days with a contact are summed up by a model, after messages and on demand; the same is not read twice."""

from collections.abc import Callable
from typing import Any

import pytest

from concierge.errors import ModelRefused, ModelUnavailable
from concierge.llm.purposes import Summarised
from concierge.summaries import store
from concierge.summaries.writing import take_due
from tests.events import BSUID, PHONE, message, tell
from tests.fakes import USUALLY
from tests.world import KEY, World

ALL = "select status, text, input_count, reason from summary order by created_at, id"


def recaps(*each: str | Exception) -> Callable[[Any], Any]:
    """A script that writes one recap after the other; the last repeats."""
    waiting = list(each)

    def script(prompt: Any) -> Any:
        if prompt.purpose != "summarise":
            return USUALLY[prompt.purpose]
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(said, Exception):
            raise said
        return Summarised(said)

    return script


def asked(world: World) -> list[Any]:
    return [prompt for prompt in world.model.prompts if prompt.purpose == "summarise"]


async def ask(world: World) -> Any:
    """Somebody wants a summary now."""
    contact_id, tenant_id = (await world.rows("select id, tenant_id from contact"))[0]
    async with world.runtime.connection() as conn:
        return await store.ask(conn, tenant_id=tenant_id, contact_id=contact_id, correlation_id=None, now=world.clock())


async def later(world: World, **amount: float) -> None:
    """Time passes, and the tick comes."""
    world.clock.advance(**amount)
    await take_due(world.runtime)
    await world.work()


@pytest.fixture
async def shop(world: World) -> World:
    await world.execute("update agent set skills = '{followups,summaries}'")
    world.model.script = recaps("First recap.", "Second recap.", "Third recap.")
    return world


async def test_the_story_of_a_week(shop: World) -> None:
    await shop.whatsapp("We need forty seats")
    await shop.work()
    await later(shop, minutes=1)
    await shop.whatsapp("By Friday", id="wamid.2")
    await shop.work()
    await later(shop, minutes=1)
    assert asked(shop) == []  # people still write
    await later(shop, minutes=1)
    assert await shop.rows(ALL) == [("success", "First recap.", 2, None)]
    assert [(turn.who, turn.text) for turn in asked(shop)[0].turns] == [
        ("contact", "We need forty seats"),
        ("contact", "By Friday"),
    ]
    kept = await shop.rows("select model, prompt_version, length(input_hash), range_end - range_start from summary")
    assert [(model, version, length, range.days) for model, version, length, range in kept] == [
        ("scripted-1", "summarise-1", 64, 7)
    ]
    # the same is not read twice
    await ask(shop)
    await later(shop, seconds=10)
    assert (await shop.rows(ALL))[1:] == [("skipped", None, 2, "nothing new was said")]
    assert len(asked(shop)) == 1
    # a week later only what is younger counts
    await later(shop, days=6, hours=23, minutes=57)
    await ask(shop)
    await later(shop, seconds=10)
    assert (await shop.rows(ALL))[2:] == [("success", "Second recap.", 1, None)]
    await later(shop, days=8)
    await ask(shop)
    await later(shop, seconds=10)
    assert (await shop.rows(ALL))[3:] == [("skipped", None, 0, "nothing was said")]
    moves = await shop.moves(await shop.one("select id from summary order by created_at, id limit 1"))
    assert moves == ["waiting", "running", "success"]


async def test_one_waits_and_one_runs_whoever_asks_how_often(shop: World) -> None:
    await shop.whatsapp("We need forty seats")
    await shop.work()
    assert await ask(shop) == await ask(shop) == await shop.one("select id from summary")

    async def meanwhile() -> None:
        """While it is written somebody asks twice more, and ticks come."""
        shop.model.meanwhile = None
        await shop.whatsapp("By Friday", id="wamid.2", sender="15551234567")
        assert await ask(shop) == await ask(shop)
        await take_due(shop.runtime)
        assert await shop.rows("select status from summary order by created_at, id") == [("running",), ("waiting",)]

    shop.model.meanwhile = meanwhile
    await take_due(shop.runtime)
    await shop.work()
    await later(shop, minutes=10)
    assert [(status, text, count) for status, text, count, _ in await shop.rows(ALL)] == [
        ("success", "First recap.", 1),
        ("success", "Second recap.", 2),
    ]


async def test_a_model_that_fails_leaves_an_error_row(shop: World) -> None:
    shop.model.script = recaps(ModelUnavailable("overloaded"), "A recap.")
    await shop.whatsapp("We need forty seats")
    await shop.work()
    await later(shop, minutes=2)
    assert await shop.rows(ALL) == [("success", "A recap.", 1, None)]  # the job's own retries
    shop.model.script = recaps(ModelRefused("not this"))
    await shop.whatsapp("By Friday", id="wamid.2")
    await shop.work()
    await later(shop, minutes=2)
    assert (await shop.rows(ALL))[1:] == [("failed", None, None, "not this")]
    assert await shop.rows("select subject, kind, text from notification") == [("summary", "failed", "not this")]
    shop.model.script = recaps(" ", "A recap.")
    await ask(shop)
    await later(shop, seconds=10)
    assert (await shop.rows(ALL))[2][:2] == ("success", "A recap.")  # nothing but blanks is no recap


async def test_a_lost_job_is_found(shop: World) -> None:
    await shop.whatsapp("We need forty seats")
    await shop.work()
    shop.clock.advance(minutes=2)
    await take_due(shop.runtime)
    await shop.execute("delete from procrastinate_jobs")
    await later(shop, minutes=4)
    assert await shop.rows(ALL) == [("running", None, None, None)]
    await later(shop, minutes=2)
    assert await shop.rows(ALL) == [("success", "First recap.", 1, None)]


async def test_summaries_by_the_api(shop: World) -> None:
    async def post(path: str, **said: Any) -> Any:
        answer = await shop.client.post(path, json=said or None, headers={"x-api-key": KEY})
        return answer.status_code, answer.json()

    await shop.whatsapp("We need forty seats")
    await shop.work()
    path = f"/v1/conversations/{await shop.one('select id from conversation')}/summary"
    assert (await shop.admin("GET", path)).status_code == 404
    status, asked_for = await post(path)
    assert (status, asked_for["status"], asked_for["text"]) == (202, "waiting", None)
    assert (await post("/v1/summaries", contact_id=asked_for["contact_id"])) == (202, asked_for)
    await later(shop, seconds=10)
    written = (await shop.admin("GET", path)).json()
    assert (written["id"], written["status"], written["text"]) == (asked_for["id"], "success", "First recap.")
    assert (await shop.admin("GET", f"/v1/summaries/{written['id']}")).json() == written
    await post(path)
    await later(shop, seconds=10)
    listed = (await shop.admin("GET", f"/v1/summaries?contact_id={written['contact_id']}")).json()["data"]
    assert [each["status"] for each in listed] == ["skipped", "success"]
    assert (await shop.admin("GET", path)).json() == written  # the newest that was written
    assert len((await shop.admin("GET", "/v1/summaries?status=success")).json()["data"]) == 1


async def test_two_contacts_that_are_one_have_one_summary(telling: World) -> None:
    """Both had one written and one waiting: what was written is the person's, and one waits."""
    await telling.execute("update agent set skills = '{summaries}'")
    telling.model.script = recaps("A recap.")
    for sender in (BSUID, PHONE):
        await tell(telling, message(id=f"first.{sender.kind}", sender=sender))
    await telling.work()
    await later(telling, minutes=2)
    for sender in (BSUID, PHONE):
        await tell(telling, message("More", id=f"second.{sender.kind}", sender=sender))
    await telling.work()
    await tell(telling, message("It is me", id="third", also=(BSUID,)))
    counts = "select status, count(*), count(distinct contact_id) from summary group by 1 order by 1"
    assert await telling.rows(counts) == [("success", 2, 1), ("waiting", 1, 1)]
    await telling.work()
    await later(telling, minutes=4)
    texts = {turn.text for turn in asked(telling)[-1].turns}
    assert texts == {"Hello", "More", "It is me"}
    assert await telling.rows(counts) == [("success", 3, 1)]
