"""Every channel's own payloads, in any order and any of them several times, through the real door: the same rows.

Each file counts that says something of its own: of two that use the same message id, whichever comes first is kept.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from concierge.channels.model import Credentials, Echo, Event, Inbound, Receipt
from concierge.tenants.vault import seal
from concierge.web.webhooks import PATHS
from concierge.webchat.limits import Limit
from tests.contracts.channels import MEDIA_TYPES, PAYLOADS, events, payloads
from tests.fakes import FrozenClock
from tests.simulators.resend_api import ResendApi
from tests.webchat import Visitor, chat_world
from tests.world import World

DOORS = {channel: path for path, channel in reversed(PATHS.items()) if channel != "meta"}
TABLES = """
    select string_agg(format('delete from %%I;', tablename), ' ') from pg_tables
    where schemaname = 'public' and tablename not in ('migration', 'tenant', 'channel_account', 'api_key', 'agent')
"""
KEPT = {
    "messages": """
        select m.provider_message_id, m.kind, m.text, m.quotes, m.automated, i.kind, i.value
        from inbound_message m join contact_identity i on i.id = m.identity_id order by 1""",
    "people": """
        select array_agg(i.channel || ':' || i.kind || ':' || i.value order by i.kind, i.value)
        from contact_identity i group by i.contact_id order by 1""",
    "numbers": """
        select c.last_seq = (select count(*) from inbound_message m where m.conversation_id = c.id), count(*)
        from conversation c where c.status <> 'closed' group by 1""",
    "receipts": "select dedupe_key, status, played_at, deleted_at, warned_at from outbound_message order by 1",
    "echoes": "select provider_message_id, text from app_reply order by 1",
    "notices": "select kind, text, hash from account_notice order by 1, 2, 3",
    "opt-outs": "select kind, value, suppression_of(id) from contact_identity order by 1, 2",
    "left alone": "select distinct kind, value, scope from suppression where lifted_at is null order by 1, 2, 3",
    "files": "select kind, locator from media order by 1, 2",
    "nobody's": "select external_id, provider_message_id, reason from unrouted_message order by 1, 2",
}
SENT = """
    with o as (insert into contact (tenant_id, created_at) select tenant_id, %(now)s from channel_account
               where id = %(account)s returning id, tenant_id),
    i as (insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
          select tenant_id, id, 'test', 'test', 'somebody', %(now)s from o returning id, tenant_id, contact_id),
    c as (insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
          select tenant_id, %(account)s, contact_id, id, %(now)s, %(now)s from i returning id, tenant_id, identity_id)
    insert into outbound_message (id, tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, status, provider_message_id, due_at, created_at, moved_at)
    select coalesce(sent.id::uuid, uuid_v7()), c.tenant_id, %(account)s, c.id, c.identity_id, 'reminder',
           coalesce(sent.id, sent.theirs), '{"text": "x"}', 'unknown', sent.theirs, %(now)s, %(now)s, %(now)s
    from c cross join (select null as id, unnest(%(theirs)s::text[]) as theirs
                       union all select unnest(%(ours)s::text[]), null) sent
"""
LINES = "select kind, text from inbound_message order by text"
ACCOUNT = """
    insert into channel_account (tenant_id, channel, external_id, transport, signature, settings, credentials)
    select id, %(channel)s, %(id)s, 'sandbox', 'off', jsonb_build_object('resend_base_url', %(url)s::text), %(sealed)s
    from tenant
"""


def names(event: Event) -> str | None:
    """What a row is known by."""
    return event.provider_message_id if isinstance(event, Inbound | Echo) else None


def files(channel: str) -> dict[Path, list[Event]]:
    """Of the channel's payloads those that share no message with one before, and what each tells."""
    found, seen = {}, set[str]()
    for name, path in payloads():
        if name == channel:
            told = events(channel, path)
            own = {id for event in told if (id := names(event))}
            if not own & seen:
                found[path] = told
                seen |= own
    return found


async def emptied(world: World) -> None:
    """Nothing but the accounts."""
    await world.execute("set local session_replication_role = replica;" + await world.one(TABLES))


async def fresh(world: World, channel: str, told: list[Event]) -> None:
    """The accounts, and messages of ours that nobody knows the fate of."""
    await emptied(world)
    receipts = [each for each in told if isinstance(each, Receipt)]
    theirs = {each.provider_message_id for each in receipts} - {None}
    ours = {str(each.outbound_id) for each in receipts if each.provider_message_id is None and each.outbound_id}
    account = await world.one(
        "select id from channel_account where channel = %(c)s limit 1", c=channel.partition("/")[0]
    )
    await world.execute(SENT, account=account, theirs=sorted(theirs, key=str), ours=sorted(ours), now=world.clock())


async def rows(world: World) -> dict[str, Any]:
    return {name: await world.rows(sql) for name, sql in KEPT.items()}


@pytest.fixture
async def resend() -> AsyncIterator[ResendApi]:
    """Has every mail it is asked for."""
    async with ResendApi().serving() as api:
        api.otherwise = (PAYLOADS / "email/raw/attachments.eml").read_bytes()
        yield api


@pytest.mark.parametrize("channel", DOORS)
async def test_the_rows_are_the_same(world: World, channel: str, resend: ResendApi) -> None:
    each_tells = files(channel)
    told = [event for events in each_tells.values() for event in events]
    main, _ = Counter(event.account for event in told if event.account).most_common(1)[0]
    await world.execute("delete from agent")
    await world.execute("delete from channel_account")
    sealed = seal(Credentials(access_token=resend.key), world.runtime.settings)
    await world.execute(ACCOUNT, id=main, channel=channel.partition("/")[0], url=resend.url, sealed=sealed)
    ends = []
    for seed in range(2):
        dice, order = Random(seed), list(each_tells)
        if seed:
            order = dice.choices(order, k=len(order) // 4 + 1) + order
            dice.shuffle(order)
        await fresh(world, channel, told)
        for path in order:
            headers = {"content-type": MEDIA_TYPES[path.suffix]}
            answer = await world.client.post(DOORS[channel], content=path.read_bytes(), headers=headers)
            # what lies at a vendor's that nobody plays here has to come again
            assert answer.status_code in ({200, 400, 503} if channel == "email/ses" else {200, 400}), path.name
        ends.append(await rows(world))
    assert ends[0]["messages"] or ends[0]["receipts"]
    for end in ends[1:]:
        assert end == ends[0], json.dumps(
            {k: [str(end[k]), str(ends[0][k])] for k in end if end[k] != ends[0][k]}, indent=1
        )


async def test_the_rows_of_web_chats_are_the_same(db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three visitors, each of whose messages is kept under the id that its widget gave it."""
    monkeypatch.setattr(Limit, "take", lambda *_: None)
    said = [(n % 3, str(UUID(int=n)), f"line {n}") for n in range(12)]
    ends = []
    async with chat_world(db, clock) as world:
        for seed in range(3):
            await emptied(world)
            visitors = [await Visitor.enter(world.client) for _ in range(3)]
            dice, order = Random(seed), list(said)
            if seed:
                order = dice.choices(order, k=6) + order
                dice.shuffle(order)
            answers = [await visitors[who].say(text, id) for who, id, text in order]
            assert {answer.status_code for answer in answers} == {200}
            ends.append((await world.rows(LINES), await world.rows(KEPT["numbers"])))
    assert [text for _, text in ends[0][0]] == sorted(text for _, _, text in said)
    assert ends == ends[:1] * 3
