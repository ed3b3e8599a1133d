"""One live agent an account, configured by the API; another one archives what the account had, which stays readable."""

import asyncio
import contextvars
from typing import Any

import httpx

from concierge.llm.purposes import Replied
from tests.agents import configure, talk
from tests.meeting import met
from tests.world import KEY, World

ACCOUNT = "select id::text from channel_account where channel = 'whatsapp'"


async def ask(world: World, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    content = {} if body is None else {"json": body}
    return await world.client.request(method, path, headers={"x-api-key": KEY} | headers, **content)


async def test_the_life_of_an_agent(world: World) -> None:
    account = await world.one(ACCOUNT)
    world.model.script = lambda prompt: Replied(f"As “{prompt.instructions}” has it.", wants_human=False)
    prompt = (await ask(world, "POST", "/v1/prompts", {"name": "Sales", "text": "Sell."})).json()
    assert (prompt["number"], prompt["text"]) == (1, "Sell.")
    new = {"name": "Ada", "channel_account_id": account, "skills": ["replies"], "prompt_id": prompt["id"]}
    assert (await ask(world, "POST", "/v1/agents", new)).status_code == 409  # the account has one
    made = await ask(world, "POST", "/v1/agents", new | {"replace": True, "quiet_seconds": 0})
    ada = made.json()
    assert (made.status_code, ada["answer_within_seconds"], ada["live"]) == (201, 86_400, True)
    assert await talk(world, "Hello") == ["As “Sell.” has it."]

    # a new text is used from the next turn on; the old one stays what it was
    version = await ask(world, "POST", f"/v1/prompts/{prompt['id']}/versions", {"text": "Sell more."})
    assert version.json()["number"] == 2
    assert await talk(world, "Hello") == ["As “Sell more.” has it."]
    assert await world.rows("select prompt_number from reply order by upto_seq") == [(1,), (2,)]
    first = await ask(world, "GET", f"/v1/prompts/{prompt['id']}/versions/1")
    assert first.json()["text"] == "Sell."
    texts = (await ask(world, "GET", f"/v1/prompts/{prompt['id']}/versions")).json()["data"]
    assert [each["number"] for each in texts] == [2, 1]

    # whoever changes it has seen its present state
    path, tag = f"/v1/agents/{ada['id']}", made.headers["etag"]
    changed = await ask(world, "PATCH", path, {"quiet_seconds": 1.5}, **{"if-match": tag})
    assert (changed.json()["quiet_seconds"], changed.json()["skills"]) == (1.5, ["replies"])
    assert (await ask(world, "PATCH", path, {"name": "Eve"}, **{"if-match": tag})).status_code == 412
    assert (await ask(world, "GET", path)).headers["etag"] == changed.headers["etag"]

    # retired: nobody answers; what it said is closed, and readable
    assert (await ask(world, "DELETE", path)).json()["live"] is False
    assert await talk(world, "Hello?") == []
    assert await world.rows("select status, archive_id is not null from conversation order by opened_at") == [
        ("closed", True),
        ("bot", False),
    ]
    old = await world.one("select id from conversation where status = 'closed'")
    thread = (await ask(world, "GET", f"/v1/conversations/{old}/messages")).json()["data"]
    assert len(thread) == 4
    shelf = (await ask(world, "GET", f"/v1/conversations?archived_agent_id={ada['id']}")).json()["data"]
    assert [(each["id"], each["archived_agent_id"]) for each in shelf] == [(str(old), ada["id"])]
    elsewhere = (await ask(world, "GET", f"/v1/conversations?archived_agent_id={prompt['id']}")).json()["data"]
    assert elsewhere == []
    assert (await ask(world, "PATCH", path, {"name": "Eve"})).status_code == 409
    assert await world.moves(ada["id"]) == ["live", "live", "live", "archived"]
    trail = (await ask(world, "GET", f"/v1/admin/audit-log?subject_id={ada['id']}")).json()["data"]
    assert [(each["type"], each["detail"]) for each in trail] == [
        ("agent.archived", "by key:operator"),
        ("agent.changed", "quiet_seconds by key:operator"),
        ("agent.changed", "prompt version 2 by key:operator"),
        ("agent.created", "by key:operator"),
    ]

    # what changed is told, too, where nobody said who did it
    await world.execute("update agent set quiet_seconds = 2 where changed_by is null")
    unsaid = "select distinct detail from event join agent on agent.id = subject_id where changed_by is null"
    assert await world.rows(f"{unsaid} order by detail") == [("quiet_seconds",), (None,)]


async def test_every_bad_field_is_named(world: World) -> None:
    account = await world.one(ACCOUNT)
    bad = {
        "name": "x",
        "channel_account_id": account,
        "skills": ["replies", "juggling", "replies"],
        "models": {"reply": ["nobody"], "sing": []},
        "settings": {
            "replies": {"fallback": "", "loud": True},
            "intake": {"patience": 0, "questions": [{"key": "A B", "ask": "?", "fields": []}]},
            "manners": {"forbidden": ["(", "(a+)+"], "greeting": "Hi {name}"},
            "juggling": {},
        },
    }
    answer = await ask(world, "POST", "/v1/agents", bad)
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/skills/1",
        "/skills/2",
        "/models/sing",
        "/models/reply/0",
        "/settings/replies/fallback",
        "/settings/replies/loud",
        "/settings/intake/patience",
        "/settings/intake/questions/0/key",
        "/settings/intake/questions/0/fields",
        "/settings/manners/forbidden/0",
        "/settings/manners/forbidden/1",
        "/settings/manners/greeting",
        "/settings/juggling",
    }


async def test_in_the_words_of_the_design(world: World) -> None:
    user = await world.one("select id::text from tenant")
    path = f"/users/{user}/agents"
    new = {"phone_number_id": "1234", "prompt_id": "pmpt_sales", "name": "Sales"}
    made = await ask(world, "POST", path, new)
    assert made.status_code == 201
    agent = made.json()
    assert agent | {"created_at": None} == {
        "agent_id": agent["agent_id"],
        "user_id": user,
        "phone_number_id": "1234",
        "prompt_id": "pmpt_sales",
        "name": "Sales",
        "created_at": None,
    }
    await world.whatsapp("Hello")
    again = (await ask(world, "POST", path, new | {"name": "Better sales"})).json()  # linked anew: a new conversation
    links = "select new_agent_id::text from archive where old_agent_id = %(id)s::uuid"
    assert await world.rows(links, id=agent["agent_id"]) == [(again["agent_id"],)]
    assert await world.one("select status from conversation") == "closed"
    item = f"{path}/{again['agent_id']}"
    assert (await ask(world, "PATCH", item, {"prompt_id": "pmpt_other"})).json()["prompt_id"] == "pmpt_other"
    assert again["agent_id"] in [each["agent_id"] for each in (await ask(world, "GET", path)).json()["data"]]
    assert (await ask(world, "GET", item)).json()["name"] == "Better sales"
    assert (await ask(world, "DELETE", item)).status_code == 204
    assert (await ask(world, "POST", path, new | {"phone_number_id": "nobody"})).status_code == 422
    assert await world.one("select count(*) from prompt") == 2
    known = (await ask(world, "GET", "/v1/prompts?external_id=pmpt_other")).json()["data"]
    assert [each["external_id"] for each in known] == ["pmpt_other"]


async def test_an_operator_leads_by_the_api(world: World) -> None:
    account = await world.one(ACCOUNT)
    new = {"name": "Ada", "channel_account_id": account, "replace": True, "quiet_seconds": 0}
    assert (await ask(world, "POST", "/v1/agents", new)).status_code == 201
    assert await talk(world, "Hello") == ["An answer."]
    conversation = f"/v1/conversations/{await world.one('select id from conversation')}"
    # who answers leads
    said = await ask(world, "POST", f"{conversation}/messages", {"text": "Olga here."})
    assert said.status_code == 201
    assert await talk(world, "Thanks, Olga") == ["Olga here."]
    assert (await ask(world, "POST", f"{conversation}/takeover")).json()["status"] == "human"
    (handoff,) = (await ask(world, "GET", "/v1/handoffs")).json()["data"]
    assert (handoff["taken_by"], handoff["ended_at"]) == ("key:operator", None)
    assert (await ask(world, "POST", f"{conversation}/release")).json()["status"] == "bot"
    assert (await ask(world, "POST", f"{conversation}/release")).status_code == 409
    assert await talk(world, "Still there?") == ["An answer."]
    assert (await ask(world, "POST", f"{conversation}/close")).json()["status"] == "closed"
    assert (await ask(world, "POST", f"{conversation}/takeover")).status_code == 409
    assert (await ask(world, "POST", f"{conversation}/messages", {"text": "x"})).status_code == 409


async def test_another_agent_while_people_write(world: World) -> None:
    """Conversations are taken in the order in which arrival takes them, so neither waits for the other for ever.

    A human who was wanted in one of them is not wanted any more.
    """
    await configure(world, "replies")
    world.model.script = lambda _: Replied("I'll get somebody.", wants_human=True)
    for n in range(2):
        await world.whatsapp("Hello", id=f"wamid.{n}", sender=f"1555123000{n}")
    await world.work()
    first, second = [id for (id,) in await world.rows("select id from conversation order by contact_id")]
    # as they happen to lie on the disk, the second one comes first
    await world.execute("update conversation set last_message_at = now() where id = %(id)s", id=first)
    new = {"name": "Eve", "channel_account_id": await world.one(ACCOUNT), "skills": ["replies"], "replace": True}
    lock = "select from conversation where id = %s for no key update"
    async with world.runtime.begin() as conn:
        await conn.execute(lock, [first])
        asked = asyncio.create_task(ask(world, "POST", "/v1/agents", new), context=contextvars.Context())
        await met(world, conn, asked)
        await conn.execute(lock, [second])
    assert (await asked).status_code == 201
    assert await world.rows("select status from conversation") == [("closed",), ("closed",)]
    assert await world.rows("select distinct acknowledged_at is null from notification") == [(False,)]
