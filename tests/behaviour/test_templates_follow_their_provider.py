"""What a provider says about templates is asked for, kept, and obeyed; one that does not answer changes nothing."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from concierge.channels.model import ChannelAccount
from concierge.errors import AccountStopped, NotAccepted, Refused
from concierge.runtime import Runtime
from concierge.templates.syncing import ask_all
from tests.each import each
from tests.fakes import FrozenClock, RecordingTransport
from tests.world import KEY, World, open_world

ROWS = "select name, language, category, status, kind from message_template order by name, language"


class Told(msgspec.Struct):
    name: str
    language: str
    category: str
    status: str


class KnowingTransport(RecordingTransport):
    """A vendor with templates."""

    templates_of = "owner"

    def __init__(self) -> None:
        super().__init__("sandbox")
        self.told: list[Told] | Exception = []

    async def templates(self, account: ChannelAccount) -> list[Told]:
        if isinstance(self.told, Exception):
            raise self.told
        return self.told if account.channel == "whatsapp" else []


@pytest.fixture
async def knowing(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    def arrange(runtime: Runtime) -> Runtime:
        return msgspec.structs.replace(runtime, transports={"sandbox": KnowingTransport()})

    async with open_world(db, clock, arrange=arrange) as opened:
        id = await opened.one("select id from channel_account where channel = 'whatsapp'")
        await opened.execute('update channel_account set settings = \'{"owner": "1"}\' where id = %(id)s', id=id)
        body = {"channelAccountId": str(id), "name": "ours", "language": "en", "kind": "reminder", "status": "pending"}
        answer = await opened.client.post("/admin/templates", json=body, headers={"x-api-key": KEY})
        assert answer.status_code == 201
        yield opened


async def told(world: World, *each: Any) -> None:
    world.outside.told = [Told(*one) for one in each]  # type: ignore[attr-defined]
    await ask_all(world.runtime)
    await world.work()


async def test_an_approval_is_kept_and_what_is_new_stands_for_nothing_yet(knowing: World) -> None:
    await told(knowing, ("ours", "en", "UTILITY", "APPROVED"), ("theirs", "pt_BR", "MARKETING", "IN_APPEAL"))
    assert await knowing.rows(ROWS) == [
        ("ours", "en", "utility", "approved", "reminder"),
        ("theirs", "pt_BR", "marketing", "rejected", None),
    ]


async def test_what_the_provider_forgot_is_removed(knowing: World) -> None:
    await told(knowing, ("theirs", "en", "UTILITY", "SOMETHING_NEW"))
    assert [row[3] for row in await knowing.rows(ROWS)] == ["removed", "pending"]


async def test_silence_changes_nothing_and_an_operator_is_told(knowing: World) -> None:
    knowing.outside.told = NotAccepted("no connection")  # type: ignore[attr-defined]
    assert (await knowing.admin("POST", "/admin/templates/sync")).status_code == 202
    await knowing.work()
    assert await knowing.rows(ROWS) == [("ours", "en", "utility", "pending", "reminder")]
    assert {kind for (kind,) in await knowing.rows("select kind from notification")} == {"no_templates"}


@pytest.mark.parametrize("error", [AccountStopped("the token has expired"), Refused("no such account")])
async def test_what_somebody_must_repair_is_told_at_once(knowing: World, error: Exception) -> None:
    knowing.outside.told = error  # type: ignore[attr-defined]
    await ask_all(knowing.runtime)
    await knowing.work()
    assert await knowing.rows("select status, attempts from procrastinate_jobs") == [("succeeded", 1)]
    assert (
        await knowing.one("select text from notification")
        == f"the provider does not say which templates it has: {error}"
    )


async def test_an_account_that_names_no_owner_is_not_asked(knowing: World) -> None:
    await knowing.execute("update channel_account set settings = settings - 'owner'")
    await ask_all(knowing.runtime)
    assert await knowing.rows("select from procrastinate_jobs") == []


async def test_they_are_listed_and_removed(knowing: World) -> None:
    (found,) = (await knowing.admin("GET", "/admin/templates")).json()["data"]
    assert (found["name"], found["kind"], found["status"]) == ("ours", "reminder", "pending")
    assert (await knowing.admin("DELETE", f"/admin/templates/{found['id']}")).status_code == 204
    assert (await knowing.admin("DELETE", f"/admin/templates/{found['id']}")).status_code == 404


@each("change", [{"kind": "news"}, {"language": "!"}, {"parameters": ["Title"]}, {"name": ""}])
async def test_nonsense_is_refused(knowing: World, change: dict[str, Any]) -> None:
    id = await knowing.one("select id from channel_account where channel = 'whatsapp'")
    body = {"channelAccountId": str(id), "name": "x", "language": "en", "kind": "reminder"} | change
    answer = await knowing.client.post("/admin/templates", json=body, headers={"x-api-key": KEY})
    assert answer.status_code == 422
