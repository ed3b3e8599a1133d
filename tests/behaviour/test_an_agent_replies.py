"""An agent talks: one answer to a turn, in the light of what was said, quoting where it is unclear what it is to."""

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from concierge.errors import ModelUnavailable
from concierge.llm.purposes import Replied
from tests.agents import configure, talk, wait
from tests.fakes import USUALLY, reading
from tests.makers import CONFIRMED, SOON
from tests.world import World

PROMPT = """
    with p as (insert into prompt (tenant_id, name, created_at) select id, 'companion', now() from tenant returning *),
    v as (insert into prompt_version (tenant_id, prompt_id, number, text, created_at)
          select tenant_id, id, n, text, now() from p, (values (1, 'Be brief.'), (2, 'Be kind.')) as v (n, text))
    update agent set prompt_id = (select id from p), models = %(models)s
"""


def replies(*texts: str | Exception) -> Any:
    """A script that replies with one after the other; the last repeats."""
    waiting = list(texts)

    def script(prompt: Any) -> Any:
        if prompt.purpose != "reply":
            return USUALLY[prompt.purpose]
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(said, Exception):
            raise said
        return Replied(said, wants_human=False)

    return script


async def test_it_answers_in_the_light_of_the_last_ten_turns(world: World) -> None:
    await configure(world, "replies", replies={"facts": ["open from 9 to 5"]})
    await world.execute(PROMPT, models=Jsonb({"reply": ["local"]}))
    world.model.script = replies(*(f"answer {n}" for n in range(13)))
    assert await talk(world, *(f"message {n}" for n in range(13))) == [f"answer {n}" for n in range(13)]
    prompt = world.model.prompts[-1]
    said = [f"{kind} {n}" for n in range(2, 12) for kind in ("message", "answer")]
    assert [turn.text for turn in prompt.turns] == [*said, "message 12"]
    assert (prompt.instructions, prompt.unread, prompt.facts[-1]) == ("Be kind.", 1, "open from 9 to 5")
    written = "select prompt_number, model, fallback from reply order by upto_seq desc limit 1"
    assert await world.rows(written) == [(2, "scripted-1", None)]


async def test_it_falls_back_when_the_model_does_not_answer(world: World) -> None:
    await configure(world, "replies")
    world.model.script = replies(ModelUnavailable("overloaded"), "  ", "Hello!")
    assert await talk(world, "one", "two", "three") == ["Noted.", "Noted.", "Hello!"]
    fallbacks = "select fallback is not null, prompt_version from reply order by upto_seq"
    assert await world.rows(fallbacks) == [(said, "reply-2/instructions-1") for said in (True, True, False)]
    assert await world.one("select count(*) from notification") == 0


async def test_a_burst_gets_one_answer_using_all_of_it(world: World) -> None:
    await configure(world, "replies", quiet=2)
    for n in range(5):
        await world.whatsapp(f"fragment {n}", id=f"wamid.{n}")
        await wait(world, 0.6)
    assert (world.outside.sent, world.model.prompts) == ([], [])
    await wait(world, 2)
    assert world.outside.texts == ["An answer."]
    (prompt,) = world.model.prompts
    assert [turn.text for turn in prompt.turns] == [f"fragment {n}" for n in range(5)]
    assert await world.one("select quiet_until is null and woken_at is null from conversation")


async def test_who_never_stops_is_answered_all_the_same(world: World) -> None:
    await configure(world, "replies", quiet=2)
    for n in range(9):
        await world.whatsapp(f"fragment {n}", id=f"wamid.{n}")
        await wait(world, 1)
    assert [prompt.unread for prompt in world.model.prompts] == [8]


async def test_fragments_that_come_while_it_thinks_are_one_more_turn(world: World) -> None:
    """When they have ended, too: nobody else begins with them, and no job comes before it has something to do."""
    await configure(world, "replies", quiet=2)
    jobs = "select count(*) from procrastinate_jobs where task_name = 'inbox.handle'"

    async def go_on() -> None:
        world.model.meanwhile = None
        for n in (2, 3):
            world.clock.advance(seconds=2.5)
            await world.run_tick("inbox.quiet")
            await world.whatsapp(f"fragment {n}", id=f"wamid.{n}")

    world.model.meanwhile = go_on
    await world.whatsapp("fragment 1", id="wamid.1")
    await wait(world, 2)
    assert ([prompt.unread for prompt in world.model.prompts], await world.one(jobs)) == ([1], 1)
    await wait(world, 2)
    assert ([prompt.unread for prompt in world.model.prompts], await world.one(jobs)) == ([1, 2], 2)
    assert len(world.outside.texts) == 2


async def test_without_a_quiet_spell_every_message_is_answered_as_it_comes(world: World) -> None:
    await configure(world, "replies", quiet=0)
    assert await talk(world, "one", "two", "three") == ["An answer."] * 3
    assert [prompt.unread for prompt in world.model.prompts] == [1, 1, 1]


@pytest.mark.parametrize(("more", "seconds", "quoted"), [(0, 0, False), (1, 10, False), (2, 0, True), (0, 10.5, True)])
async def test_an_answer_quotes_what_it_is_to_when_that_is_unclear(
    world: World, more: int, seconds: float, quoted: bool
) -> None:
    await configure(world, "replies")

    async def meanwhile() -> None:
        world.model.meanwhile = None
        for n in range(more):
            await world.whatsapp("and another thing", id=f"wamid.more.{n}")
        world.clock.advance(seconds=seconds)

    world.model.meanwhile = meanwhile
    await world.whatsapp("What time is it?", id="wamid.first")
    await world.work()
    assert world.outside.sent[0].quotes == ("wamid.first" if quoted else None)
    assert await world.one("select contextual from reply order by upto_seq limit 1") is quoted


async def test_mail_is_always_a_reply(world: World) -> None:
    await configure(world, "replies")
    await talk(world, "Hello", channel="email")
    (letter,) = world.outside.sent
    assert (letter.quotes, letter.subject) == ("said.0", "Follow up")


async def test_what_is_too_old_is_kept_and_not_answered(world: World) -> None:
    await configure(world, "replies", within=3600)
    late = world.whatsapp_payload(("wamid.old", "15551234567", "from yesterday"))
    world.clock.advance(hours=2)
    await world.client.post("/webhook/whatsapp", json=late)
    await world.work()
    assert (world.outside.sent, world.model.prompts) == ([], [])
    assert await world.rows("select text from inbound_message") == [("from yesterday",)]
    (detail,) = await world.rows("select detail from event where type = 'conversation.too_old'")
    assert detail == ("1 not answered, written more than 1:00:00 before",)
    assert await talk(world, "and now?") == ["An answer."]


async def test_a_turn_has_one_answer_whatever_the_agent_can_do(world: World) -> None:
    """The first skill that has something to say says it; those behind it keep quiet."""
    await configure(world, "followups", "replies")
    usual = world.model.script
    world.model.script = lambda prompt: reading("Call Bob", SOON) if prompt.purpose == "extract" else usual(prompt)
    assert await talk(world, "Remind me to call Bob then") == [CONFIRMED + "Call Bob"]
    world.model.script = usual
    assert await talk(world, "How are you?") == ["An answer."]
    await configure(world, "replies", "followups")
    world.model.script = lambda prompt: reading("Call Eve", SOON) if prompt.purpose == "extract" else usual(prompt)
    assert await talk(world, "Remind me to call Eve then") == ["An answer."]
    assert await world.rows("select title from task order by title") == [("Call Bob",), ("Call Eve",)]
