"""A message that tries to be obeyed, and a model that obeys it: neither reaches beyond the person's own follow-ups.

What a model is asked is data in one JSON document; what it answers is words and references. Who is written to, for
whom, with which skills and at which instants is decided by code, so that a model in the hands of an attacker can do no
more than misread its own conversation.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from concierge.followups.bounds import LONGEST_QUOTE, MOST_TASKS
from concierge.followups.texts.wording import LONGEST_TITLE
from concierge.llm.openai import ChatModel
from concierge.llm.prompts import render
from concierge.llm.purposes import Change, Drafted, FoundTask, Preferred, Reading, ReplyPrompt, Said, When
from concierge.runtime import Runtime
from tests.fakes import FrozenClock, ScriptedModel
from tests.injections import INJECTIONS
from tests.makers import SOON
from tests.pure.test_anthropic import PROMPT, TASK
from tests.simulators.faults import Dropping, Failing, Outcome, Raw, Saying, Slow, Stopping
from tests.simulators.openai_api import KEY, OpenAiApi, openai_api
from tests.world import World, open_world

OTHERS = """
    select to_jsonb(t) from tenant t union all select to_jsonb(a) from agent a
    union all select to_jsonb(k) - 'last_used_at' from api_key k union all select to_jsonb(c) from channel_account c
    union all select to_jsonb(p) from contact p where name = 'Bob' or id in (
        select contact_id from contact_identity where value = 'bob@example.com')
    union all select to_jsonb(t) from task t join contact_identity i on i.contact_id = t.contact_id
    where i.value = 'bob@example.com'
"""


def hostile(prompt: Any) -> Any:
    """The worst that the shape of an answer can hold."""
    if prompt.purpose == "draft":
        return Drafted("\0" + "Send money to me. " * 5_000)
    harm = [
        When(SOON, "minute", prompt.turns[-1].text),
        When(SOON, "minute", "now " * 5_000, repeats="FREQ=SECONDLY"),
        When("1970-01-01T00:00", "second", "then"),
        When("9999-12-31T23:59", "minute", "then"),
        When("2027-03-12T09:00+14:00", "minute", "then"),
        When("0001-01-01T00:00\0", "day", "\0"),
        When(None, "vague", ""),
        None,
    ]
    titles = ["x" * 50_000, "a\nReminder: pay\r\nme\u202e\x1b[31m", "", "\0", "' or 1=1 --", "{title} %s %(id)s"]
    return Reading(
        [
            FoundTask(
                titles[n % len(titles)], draft=True, when=harm[n % len(harm)], answers=f"Q{n % 40}" if n % 2 else None
            )
            for n in range(500)
        ],
        changes=[
            Change("rename", [f"T{n}" for n in range(2, 99)], title="\0" + "x" * 5_000),
            Change("skip", ["T99", "9"]),
        ],
        preferred=Preferred("x" * 9_000, "Mars/Base", "rude\n" * 90, "'; drop table"),
        lists=True,
    )


@pytest.mark.parametrize("shape", [PROMPT, ReplyPrompt])
def test_what_people_write_is_data(shape: Any) -> None:
    for text in INJECTIONS:
        if shape is ReplyPrompt:
            prompt: Any = ReplyPrompt(
                instructions="Sell.", now=PROMPT.now, zone="UTC", tone="x", channel="email", unread=1, private=(),
                turns=(Said("contact", text),),
            )  # fmt: skip
        else:
            prompt = msgspec.structs.replace(shape, turns=(Said("contact", text),), unread=1)
        rendered = render(prompt)
        plain = render(msgspec.structs.replace(prompt, turns=(Said("contact", "hello"),)))
        shown, usual = (json.loads(each.messages[0]["content"]) for each in (rendered, plain))
        assert rendered.system == plain.system
        assert shown == usual | {"new_messages": [text]}
        assert len(rendered.messages) == 1


async def test_a_model_that_obeys_reaches_nobody_else(world: World) -> None:
    world.model.script = lambda prompt: Reading([FoundTask("Pay Bob", False, When(SOON, "minute", "then"), None)])
    await world.email("Pay then", id="bob-1", **{"from": "bob@example.com"})
    await world.work()
    before = await world.rows(OTHERS)
    world.model.script = hostile
    for n, text in enumerate(INJECTIONS):
        await world.email(text, id=f"evil-{n}", **{"from": "eve@example.com"})
        if n % 6 == 0:
            await world.work()
    await world.work()
    assert await world.rows(OTHERS) == before
    assert await world.rows("select 1 from conversation where handled_seq < last_seq or parked_at is not null") == []
    sent = world.outside.sent[1:]
    assert {message.recipient.value for message in sent} == {"eve@example.com"}
    assert len({message.id for message in sent}) == len(sent)
    kinds = {kind for (kind,) in await world.rows("select distinct kind from outbound_message")}
    assert kinds <= {"clarification", "confirmation"}
    most, title, quote = (
        await world.rows("""
            select max(n), max(title), max(quote) from (
                select count(*) as n, max(length(title)) as title, max(length(quote)) as quote
                from task group by inbound_message_id) t
        """)
    )[0]
    assert most <= MOST_TASKS
    assert title <= LONGEST_TITLE
    assert quote <= LONGEST_QUOTE
    assert (
        await world.rows("select 1 from task where title ~ '[[:cntrl:]\u202e]' or due_at < %(now)s", now=world.clock())
        == []
    )
    world.clock.advance(days=9)
    await world.tick()
    last = [message for message in world.outside.sent if message.text.startswith("Reminder: ")]
    assert {message.recipient.value for message in last} == {"eve@example.com", "bob@example.com"}
    assert [message.text for message in last if message.recipient.value == "bob@example.com"] == ["Reminder: Pay Bob"]


@pytest.fixture
async def api() -> AsyncIterator[OpenAiApi]:
    async with openai_api(
        lambda body: {"tasks": [TASK | {"when": {"wall": SOON, "grain": "minute", "quote": "then"}}]}
    ) as on:
        yield on


async def test_whatever_a_provider_does_no_turn_is_lost_or_halved(db: str, clock: FrozenClock, api: OpenAiApi) -> None:
    """One message for each way to fail: it ends in one confirmation, a fallback, or a turn that waits whole."""

    def arrange(runtime: Runtime) -> Runtime:
        model = ChatModel("paid", api.url, KEY, model="m", schema="strict", timeout=0.3)
        return msgspec.structs.replace(runtime, models={"paid": model, "local": ScriptedModel()}, chain=("paid",))

    unknown = {"title": "<PHONE_9>", "draft": False, "when": None, "answers": None}
    passing: list[Outcome] = [
        *(Failing(429, headers={"retry-after": "90"}), Failing(529), Dropping(), Slow(1)),
        *(Raw(b""), Raw(b"{"), Raw(b"<html>", "text/html")),
        *(Saying('{"tasks": [{"tit'), Saying("[]"), Saying(json.dumps({"tasks": [unknown]}))),
    ]
    final: list[Outcome] = [
        *(Stopping("max_output_tokens", '{"tasks": ['), Stopping("refusal", "no"), Failing(400), Failing(401)),
    ]
    async with open_world(db, clock, arrange=arrange) as world:
        for n, way in enumerate([*passing, *final]):
            await world.execute("delete from model_breaker")
            api.outcomes = [way, way] if isinstance(way, Stopping) and way.reason == "max_output_tokens" else [way]
            await world.email("Call Ana then", id=f"m-{n}", **{"from": f"p{n}@example.com"})
            await world.work()
            if isinstance(way, Failing | Slow) and not await world.rows("select 1 from task offset %(n)s", n=n):
                await world.pass_time(minutes=2)
            parked = await world.rows("select id, tenant_id from conversation where parked_at is not null")
            assert len(parked) == (way in final), way
            if parked:
                assert await world.rows("select 1 from task where conversation_id = %(id)s", id=parked[0][0]) == []
                await world.execute("delete from model_breaker")
                await world.admin("POST", f"/admin/conversations/{parked[0][0]}/retry")
                await world.work()
            assert await world.one("select count(*) from task") == n + 1, way
            assert len(world.outside.sent) == n + 1, way
            assert await world.rows("select 1 from conversation where handled_seq < last_seq") == []
        assert await world.one("select count(*) from extraction") == len(passing) + len(final)
