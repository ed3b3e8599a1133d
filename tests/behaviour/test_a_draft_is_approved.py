"""A draft goes to the person for approval; before that it is read, changed and written anew; alone only by policy."""

from typing import Any

import pytest

from concierge.errors import ModelUnavailable
from concierge.llm.purposes import Drafted, DraftPrompt
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World


class Desk:
    """Somebody who looks after one follow-up."""

    def __init__(self, world: World, id: Any) -> None:
        self.world = world
        self.path = f"/v1/follow-ups/{id}/draft"

    async def ask(self, method: str, path: str = "", status: int = 200, **said: Any) -> Any:
        answer = await self.world.client.request(
            method, self.path + path, headers={"x-api-key": KEY}, json=said or ({} if method != "GET" else None)
        )
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def desk(world: World) -> Desk:
    """A follow-up that wants a draft, nine days from now."""
    extract = readings(reading("Call Bob", SOON, draft=True))

    def script(prompt: Any) -> Any:
        if isinstance(prompt, DraftPrompt):
            return Drafted(f"A {prompt.tone} {prompt.length} draft in {prompt.language}.")
        return extract(prompt)

    world.model.script = script
    await world.email("Draft a call to Bob then")
    await world.work()
    return Desk(world, await world.one("select id from task"))


def drafts(world: World) -> Any:
    return world.rows("select n, status, author, text from draft order by n")


async def test_the_person_gets_it_with_the_reminder_and_alone_once_approved(desk: Desk) -> None:
    world = desk.world
    await desk.ask("GET", status=404)
    await world.pass_time(days=9)
    assert world.outside.texts[1:] == [
        "Reminder: Call Bob\n\nHere is a draft you can use:\n\nA friendly medium draft in None."
        "\n\nApprove it with “yes”, or tell me what to change."
    ]
    assert (await desk.ask("GET"))["status"] == "proposed"
    assert (await desk.ask("POST", "/approve"))["status"] == "sent"
    assert (await desk.ask("POST", "/approve"))["status"] == "sent", "twice is once"
    await world.work()
    assert world.outside.texts[2:] == ["A friendly medium draft in None."]
    id = await world.one("select id from draft")
    assert await world.moves(id) == ["writing", "proposed", "approved", "sent"]


async def test_it_is_written_anew_changed_and_approved_beforehand(desk: Desk) -> None:
    world = desk.world
    wanted = await desk.ask("POST", status=202, tone="formal", language="pt-BR")
    assert (wanted["status"], wanted["text"], wanted["n"]) == ("writing", "", 1)
    await world.work()
    assert (await desk.ask("GET"))["text"] == "A formal medium draft in pt-BR."
    await desk.ask("POST", status=202, length="short")
    await world.work()
    assert (await desk.ask("GET"))["text"] == "A formal short draft in pt-BR.", "the rest stays as it was"
    await desk.ask("PUT", text="In my own words.")
    assert (await desk.ask("POST", "/approve"))["status"] == "approved"
    assert len(world.outside.texts) == 1, "nothing goes before its time"
    await world.pass_time(days=9)
    assert world.outside.texts[1:] == ["Reminder: Call Bob\n\nHere is a draft you can use:\n\nIn my own words."]
    assert [status for _, status, _, _ in await drafts(world)] == ["replaced", "replaced", "approved"]
    world.clock.advance(days=61)
    await world.tick()
    assert {text for _, _, _, text in await drafts(world)} == {""}


@pytest.mark.parametrize(
    ("policy", "approved", "alone"),
    [("ask", True, False), ("approved", False, False), ("approved", True, True), ("send", False, True)],
)
async def test_by_itself_only_where_the_policy_says_so(desk: Desk, policy: str, approved: bool, alone: bool) -> None:
    world = desk.world
    await world.execute(
        "update agent set settings = jsonb_build_object('followups', jsonb_build_object('drafts', %(policy)s::text))",
        policy=policy,
    )
    if approved:
        await desk.ask("PUT", text="Mine.")
        await desk.ask("POST", "/approve")
    await world.pass_time(days=9)
    (text,) = world.outside.texts[1:]
    assert text.startswith("Reminder:") is not alone
    assert await world.one("select status from task") == "done"
    assert await world.one("select status from draft order by n desc limit 1") == (
        "sent" if alone else "approved" if approved else "proposed"
    )


async def test_what_cannot_be_written_is_told_and_wanted_again(desk: Desk) -> None:
    world, well = desk.world, desk.world.model.script

    def away(prompt: Any) -> Any:
        raise ModelUnavailable("away")

    world.model.script = away
    await desk.ask("POST", status=202)
    await world.work()
    assert (await desk.ask("GET"))["status"] == "failed"
    assert await world.rows("select subject, kind from notification") == [("task", "no_draft")]
    await desk.ask("POST", "/approve", status=409)
    world.model.script = well
    await world.pass_time(days=9)
    assert "A friendly medium draft" in world.outside.texts[-1]


async def test_what_is_refused(desk: Desk) -> None:
    await desk.ask("PUT", status=422, text="")
    await desk.ask("POST", status=422, length="endless")
    await desk.world.execute("update task set status = 'cancelled'")
    await desk.ask("PUT", status=409, text="Mine.")
    await desk.world.execute("update task set kind = 'remind'")
    await desk.ask("POST", status=404, tone="formal")
