"""Two businesses in one database: neither sees, moves or is disturbed by what belongs to the other."""

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest

from concierge.errors import Refused
from concierge.tenants.keys import hashed
from tests.apps import routes
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import KEY, World

OTHER_KEY = "operator-key-of-the-other"
OTHER = """
    with t as (insert into tenant (name, zone) values ('Other', 'Europe/Berlin') returning id),
    k as (insert into api_key (tenant_id, name, hash, scopes)
          select id, 'operator', %(hash)s, '{admin:*}' from t),
    a as (insert into channel_account (tenant_id, channel, external_id, transport, signature)
          select t.id, c.channel, c.external_id, 'sandbox', 'off'
          from t, (values ('email', 'other@example.com'), ('whatsapp', '5678')) c (channel, external_id)
          returning tenant_id, id)
    insert into agent (tenant_id, channel_account_id, name, skills)
    select tenant_id, id, 'Concierge', '{followups}' from a
"""
IDS = """
    select 'tasks', id from task where tenant_id = %(id)s
    union all select 'outbox', id from outbound_message where tenant_id = %(id)s and status = 'failed'
    union all select 'conversations', id from conversation where tenant_id = %(id)s
    union all select 'accounts', id from channel_account where tenant_id = %(id)s and channel = 'email'
    union all select 'templates', id from message_template where tenant_id = %(id)s
    union all select 'suppressions', id from suppression where tenant_id = %(id)s
    union all select 'media', id from media where tenant_id = %(id)s
    union all select 'api-keys', id from api_key where tenant_id = %(id)s
    union all select 'bookings', id from booking where tenant_id = %(id)s
    union all select 'booking-texts', id from booking_text where tenant_id = %(id)s
    union all select 'booking-sources', id from booking_source where tenant_id = %(id)s
    union all select 'reminder-policies', id from reminder_policy where tenant_id = %(id)s
    union all select 'leads', id from lead where tenant_id = %(id)s
    union all select 'extractions', id from extraction where tenant_id = %(id)s
    union all select 'summaries', id from summary where tenant_id = %(id)s
    union all select 'users', %(id)s
    union all select 'agents', id from agent where tenant_id = %(id)s
    union all select 'prompts', id from prompt where tenant_id = %(id)s
    union all select 'webhook-endpoints', id from webhook_endpoint where tenant_id = %(id)s
    union all select 'contacts', id from contact where tenant_id = %(id)s
    union all select 'notifications', id from notification where tenant_id = %(id)s
    union all select 'tenants', id from tenant where id = %(id)s
    union all select 'channel-accounts', id from channel_account where tenant_id = %(id)s and channel = 'email'
    union all select 'messages', id from inbound_message where tenant_id = %(id)s
    union all select 'outbound-messages', id from outbound_message where tenant_id = %(id)s and status = 'failed'
    union all select 'message-templates', id from message_template where tenant_id = %(id)s
    union all select 'follow-ups', id from task where tenant_id = %(id)s
    union all select 'operations', id from operation where tenant_id = %(id)s
"""
FILES = """
    insert into media (tenant_id, inbound_message_id, n, kind, locator, status, due_at, wake_at, created_at, moved_at)
    select tenant_id, id, 1, 'file', 'x', 'failed', received_at, received_at, received_at, received_at
    from inbound_message
"""
MORE = """
    with a as (select tenant_id, id from channel_account where channel = 'email'),
    t as (insert into message_template (tenant_id, channel_account_id, name, language, created_at, moved_at)
          select tenant_id, id, 'reminder', 'en', now(), now() from a),
    w as (insert into webhook_endpoint (tenant_id, url, event_types, secret, created_at, moved_at)
          select tenant_id, 'https://x.example', '{*}', '', now(), now() from a),
    l as (insert into lead (tenant_id, conversation_id, extraction_id, created_at, moved_at)
          select tenant_id, conversation_id, id, now(), now() from extraction),
    r as (insert into summary (tenant_id, contact_id, status, due_at, range_end, input_hash, created_at, moved_at)
          select tenant_id, id, 'success', now(), now(), '', now(), now() from contact),
    p as (insert into prompt (tenant_id, name, created_at) select tenant_id, 'P', now() from a),
    h as (insert into handoff (tenant_id, conversation_id, reason, summary, requested_at)
          select tenant_id, id, 'asked for', '', now() from conversation),
    k as (insert into credit_account (tenant_id, created_at) select tenant_id, now() from a returning id, tenant_id),
    g as (insert into credit_entry (tenant_id, account_id, kind, amount, key, created_at)
          select tenant_id, id, 'grant', 5, 'first', now() from k),
    i as (insert into audit_entry (tenant_id, actor, action, subject, created_at)
          select tenant_id, 'key:x', 'pause', 'queue', now() from a),
    u as (insert into retention_run (tenant_id, started_at) select tenant_id, now() from a),
    o as (insert into operation (tenant_id, kind, filter, total, asked_by, created_at, moved_at)
          select tenant_id, 'jobs.retry', '{}', 0, 'key:x', now(), now() from a)
    insert into suppression (tenant_id, channel, kind, value, reason, source, at)
    select tenant_id, 'email', 'email', 'bob@example.com', 'asked to', 'operator', now() from a
"""
BOOKINGS = """
    with p as (insert into reminder_policy (tenant_id, name, created_at, updated_at)
               select id, 'P', now(), now() from tenant returning tenant_id, id),
    s as (insert into booking_source (tenant_id, kind, name, secret, created_at)
          select id, 'calcom', 'C', '', now() from tenant),
    x as (insert into booking_text (tenant_id, kind, language, text, updated_at)
          select id, 'reminder', 'en', 'Hello', now() from tenant),
    b as (insert into booking (tenant_id, contact_id, policy_id, policy_version, source, service, starts_at, zone, wall,
                               zone_rules, planned_from, created_at, moved_at)
          select c.tenant_id, c.id, p.id, 1, 'api', 'S', '2028-01-01 12:00Z', 'UTC', '2028-01-01 12:00', 'r', now(),
                 now(), now()
          from contact c join p on p.tenant_id = c.tenant_id returning tenant_id, id)
    insert into reminder (tenant_id, booking_id, schedule_version, n, due_at, created_at, moved_at)
    select tenant_id, id, 1, 1, '2028-01-01 10:00Z', now(), now() from b
"""
SAID = {
    "/v1/outbound-messages/retry": {"status": "failed"},
    "/v1/outbound-messages/cancel": {"status": "queued"},
    "/v1/outbound-messages/resolve": {"status": "sent"},
    "/v1/agents": {"name": "x", "channel_account_id": str(UUID(int=0))},
    "/v1/prompts": {"name": "x", "text": "y"},
    "/v1/prompts/{id:uuid}/versions": {"text": "x"},
    "/users": {"email": "a@b.cc", "company_name": "x"},
    "/users/{user_id:str}/phone_numbers": {
        "phone_number_id": "p1",
        "type": "whatsapp",
        "external_number": "+49",
        "access_token": "t",
    },
    "/users/{user_id:str}/agents": {"name": "x", "phone_number_id": "1234", "prompt_id": "pmpt_1"},
    "/v1/channel-accounts": {"channel": "email", "external_id": "new@example.com", "transport": "sandbox"},
    "/v1/channel-accounts/{id:uuid}/test": {"to": "bob@example.com"},
    "/v1/conversations/{id:uuid}/messages": {"text": "hello"},
    "/v1/outbound-messages": {"text": "hello", "conversation_id": str(UUID(int=0))},
    "/v1/follow-ups": {"conversation_id": str(UUID(int=0)), "title": "x", "due_at": "2028-03-03T12:00:00Z"},
    "/v1/outbound-messages/{id:uuid}/resolve": {"status": "sent"},
    "/v1/message-templates": {
        "channel_account_id": str(UUID(int=0)),
        "name": "x",
        "language": "en",
        "kind": "reminder",
    },
    "/v1/follow-ups/{id:uuid}/snooze": {"until": "2028-03-03T12:00:00Z"},
    "/v1/tenants": {"name": "x"},
    "/v1/tenants/{id:uuid}/api-keys": {"name": "x", "scopes": ["*:read"]},
    "/admin/templates": {"channelAccountId": str(UUID(int=0)), "name": "x", "language": "en", "kind": "reminder"},
    "/v1/credits/entries": {"amount": 5},
    "PUT /v1/follow-ups/{id:uuid}/draft": {"text": "x"},
    "/v1/tenants/{id:uuid}/model-budget": {"monthly_micro_usd": 1},
    "/v1/summaries": {"contact_id": str(UUID(int=0))},
    "/v1/api-keys": {"name": "x", "scopes": ["messages:read"]},
    "/v1/contacts/{id:uuid}/identities": {"channel": "email", "kind": "email", "value": "x@y.zz"},
    "/v1/contacts/{id:uuid}/merge": {"contact_id": str(UUID(int=0))},
    "/v1/bookings": {"customer": {"email": "a@b.example"}, "service": "S", "starts_at": "2028-01-01T12:00:00Z"},
    "/v1/reminder-policies": {"name": "x"},
    "/v1/booking-sources": {"name": "x"},
    "/v1/booking-texts": {"language": "de", "text": "x"},
    "/v1/retention": {"days": {"media": 7}},
    "/v1/suppressions": {"channel": "email", "kind": "email", "value": "x@y.zz"},
    "/v1/notifications/{id:uuid}/snooze": {"until": "2028-03-03T12:00:00Z"},
    "/v1/webhook-endpoints": {"url": "https://x.example", "event_types": ["*"]},
    "/v1/webhook-endpoints/{id:uuid}/replay": {"since": "2027-03-03T12:00:00Z"},
}
SAYS = {
    "/users": 403,
    "/v1/outbound-messages/retry": 202,
    "/v1/outbound-messages/cancel": 202,
    "/v1/outbound-messages/resolve": 202,
    "/v1/agents": 422,
    "/v1/prompts": 201,
    "/v1/message-templates": 422,
    "/v1/message-templates/sync": 202,
    "/v1/channel-accounts": 201,
    "/v1/outbound-messages": 422,
    "/v1/follow-ups": 422,
    "/v1/tenants": 403,
    "/v1/tenants/{id:uuid}/api-keys": 403,
    "/v1/tenants/{id:uuid}/model-budget": 403,
    "/admin/templates": 404,
    "/admin/templates/sync": 202,
    "/v1/api-keys": 201,
    "/v1/webhook-endpoints": 201,
    "/v1/credits/entries": 403,
    "/v1/summaries": 404,
    "/v1/suppressions": 201,
    "/v1/contacts": 201,
    "/v1/bookings": 201,
    "/v1/reminder-policies": 201,
    "/v1/booking-texts": 201,
    "/v1/booking-sources": 201,
}
"""What an endpoint that makes or does something is told, where it wants a body, and answers, where that is not 200."""
ABOUT_ONESELF = {"/v1/me", "/v1/retention", "/v1/credits"}
"""Endpoints that answer with one thing, which has no id."""
STREAM = "/v1/events"  # an answer that does not end: test_events_are_told_as_they_happen.py
DOORS = ("/admin", "/v1", "/users")
MACHINE = tuple(f"/v1/admin/{noun}" for noun in ("queues", "jobs", "workers", "periodics", "ops"))
"""Of the machine as a whole: shut for every key without platform:*, which is tested below."""
EVERYTHING = """
    select to_jsonb(t) from task t where tenant_id = %(id)s
    union all select to_jsonb(o) from outbound_message o where tenant_id = %(id)s
    union all select to_jsonb(c) from conversation c where tenant_id = %(id)s
    union all select to_jsonb(m) from inbound_message m where tenant_id = %(id)s
    union all select to_jsonb(f) from media f where tenant_id = %(id)s
    union all select to_jsonb(n) from notification n where tenant_id = %(id)s
    union all select to_jsonb(d) from draft d where tenant_id = %(id)s
    union all select to_jsonb(b) from model_budget b where tenant_id = %(id)s
    union all select to_jsonb(q) from model_call q where tenant_id = %(id)s
    union all select to_jsonb(a) from channel_account a where tenant_id = %(id)s
    union all select to_jsonb(t) from message_template t where tenant_id = %(id)s
    union all select to_jsonb(s) from suppression s where tenant_id = %(id)s
    union all select to_jsonb(p) from contact p where tenant_id = %(id)s
    union all select to_jsonb(w) from webhook_endpoint w where tenant_id = %(id)s
    union all select to_jsonb(d) from webhook_delivery d where tenant_id = %(id)s
    union all select to_jsonb(e) from extraction e where tenant_id = %(id)s
    union all select to_jsonb(l) from lead l where tenant_id = %(id)s
    union all select to_jsonb(s) from summary s where tenant_id = %(id)s
    union all select to_jsonb(e) from credit_entry e where tenant_id = %(id)s
    union all select to_jsonb(a) from credit_account a where tenant_id = %(id)s
    union all select to_jsonb(k) from api_key k where tenant_id = %(id)s
    union all select to_jsonb(t) from tenant t where id = %(id)s
    union all select to_jsonb(e) from event e where tenant_id = %(id)s
    union all select to_jsonb(g) from agent g where tenant_id = %(id)s
    union all select to_jsonb(p) from prompt p where tenant_id = %(id)s
    union all select to_jsonb(h) from handoff h where tenant_id = %(id)s
    union all select to_jsonb(b) from booking b where tenant_id = %(id)s
    union all select to_jsonb(r) from reminder r where tenant_id = %(id)s
    union all select to_jsonb(p) from reminder_policy p where tenant_id = %(id)s
    union all select to_jsonb(q) from booking_source q where tenant_id = %(id)s
    union all select to_jsonb(x) from booking_text x where tenant_id = %(id)s
    union all select to_jsonb(o) from operation o where tenant_id = %(id)s
    union all select to_jsonb(i) from audit_entry i where tenant_id = %(id)s
    union all select to_jsonb(r) from retention_run r where tenant_id = %(id)s
"""


class Side:
    """One of the two, as its operator sees it."""

    def __init__(self, world: World, id: UUID, key: str) -> None:
        self.world = world
        self.id = id
        self.key = key

    async def ids(self) -> dict[str, UUID]:
        """What it has one of, by the endpoint's noun."""
        return dict(await self.world.rows(IDS, id=self.id))

    async def everything(self) -> list[Any]:
        rows = await self.world.rows(EVERYTHING, id=self.id)
        return sorted((row for (row,) in rows), key=str)  # a row that was written in vain may have moved

    async def ask(self, method: str, path: str, like: str = "") -> tuple[int, Any]:
        said = SAID.get(f"{method} {like or path}", SAID.get(like or path, {}))
        body = {"json": said} if method in {"POST", "PATCH", "PUT"} else {}
        answer = await self.world.client.request(method, path, headers={"x-api-key": self.key}, **body)
        return answer.status_code, answer.json()


@pytest.fixture
async def sides(world: World) -> tuple[Side, Side]:
    """Both have the same customer, who wrote the same words in messages of the same ids; both reminders failed."""
    await world.execute(OTHER, hash=hashed(OTHER_KEY))
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [None, None, Refused("no such mailbox"), Refused("no such mailbox")]
    for mailbox in ("concierge@example.com", "other@example.com"):
        assert (await world.email("Call Bob", to=mailbox)).json()["status"] == "accepted"
    await world.work()
    await world.pass_time(days=9)
    await world.execute(MORE)
    await world.execute("update conversation set parked_at = now(), parked_reason = 'no model'")
    await world.execute(FILES)
    await world.execute("update api_key set scopes = '{admin:*}'")  # without platform:*, which reaches beyond
    await world.execute(BOOKINGS)
    (own,), (other,) = await world.rows("select id from tenant order by name = 'Other'")
    return Side(world, own, KEY), Side(world, other, OTHER_KEY)


def endpoints(world: World) -> list[tuple[str, str]]:
    """Every method and path behind a key that there is."""
    found = [
        (method, route.path)
        for route in routes()
        if route.path.startswith(DOORS) and not route.path.startswith((*MACHINE, STREAM))
        for method in sorted(route.methods - {"OPTIONS", "HEAD"})  # type: ignore[union-attr]
    ]
    assert len(found) >= 9
    return found


async def test_the_same_messages_to_both_are_messages_of_both(world: World, sides: tuple[Side, Side]) -> None:
    one, other = sides
    assert world.outside.texts[:2] == [CONFIRMED + "Call Bob"] * 2
    assert len(world.outside.sent) == 4
    for side in sides:
        texts = await world.rows("select text from inbound_message where tenant_id = %(id)s", id=side.id)
        assert texts == [("Call Bob",)]
        nouns = {"tasks", "outbox", "conversations", "accounts", "templates", "suppressions", "media"}
        nouns |= {"contacts", "operations"}
        nouns |= {"api-keys", "webhook-endpoints", "notifications", "leads", "extractions", "summaries", "users"}
        nouns |= {"tenants", "channel-accounts", "messages", "agents", "prompts"}
        nouns |= {"outbound-messages", "follow-ups", "message-templates"}
        nouns |= {"bookings", "reminder-policies", "booking-texts", "booking-sources"}
        assert (await side.ids()).keys() == nouns
    assert set((await one.ids()).values()).isdisjoint((await other.ids()).values())
    for table in ("contact", "contact_identity", "conversation", "task"):
        assert await world.one(f"select count(distinct tenant_id) = count(*) and count(*) = 2 from {table}"), table


async def test_a_dedupe_key_of_one_is_free_for_the_other(world: World, sides: tuple[Side, Side]) -> None:
    take = "update outbound_message set dedupe_key = kind where tenant_id = %(id)s"
    for side in sides:
        await world.execute(take, id=side.id)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await world.execute("update outbound_message set dedupe_key = 'reminder'")


async def test_nothing_of_the_other_is_found_by_its_id(world: World, sides: tuple[Side, Side]) -> None:
    stranger, side = sides  # the older one's rows are what a statement finds that asks for no tenant
    before, ids = await stranger.everything(), await stranger.ids()
    for method, path in endpoints(world):
        of_users = path.startswith("/users")
        if "{" in path:
            noun = path.removeprefix("/v1/admin").split("/")[1 if of_users or path.startswith("/v1/admin") else 2]
            status, said = await side.ask(method, re.sub(r"{[^}]*}", str(ids[noun]), path), like=path)
            answers = 403 if path.endswith("/credits") and method == "POST" else SAYS.get(path, 404)
            # granting credits is nobody's but the machine's operator's
            assert (status, "data" in said) == (answers, False), (method, path, said)
    assert await stranger.everything() == before


async def test_the_machine_is_shut_for_tenants(world: World, sides: tuple[Side, Side]) -> None:
    walked = 0
    for route in routes():
        for method in route.methods - {"OPTIONS", "HEAD"} if route.path.startswith(MACHINE) else ():  # type: ignore[union-attr]
            status, _ = await sides[0].ask(method, re.sub(r"{[^}]*}", "1", route.path))
            assert status == 403, route.path
            walked += 1
    assert walked >= 10


async def test_nothing_of_the_other_is_found_by_an_id_in_a_body(world: World, sides: tuple[Side, Side]) -> None:
    one, other = sides
    ids, before = await other.ids(), await other.everything()
    text, account, conversation = {"text": "x"}, str(ids["channel-accounts"]), str(ids["conversations"])
    task = {"title": "x", "due_at": "2028-03-03T12:00:00Z"}
    own = str((await one.ids())["conversations"])
    agent = {"name": "x", "channel_account_id": str((await one.ids())["channel-accounts"]), "replace": True}
    for path, body, field in [
        ("/v1/agents", agent | {"channel_account_id": account}, "/channel_account_id"),
        ("/v1/agents", agent | {"prompt_id": str(ids["prompts"])}, "/prompt_id"),
        ("/v1/outbound-messages", text | {"conversation_id": conversation}, "/conversation_id"),
        ("/v1/outbound-messages", text | {"channel_account_id": account, "to": "a@b.cc"}, "/channel_account_id"),
        ("/v1/outbound-messages", text | {"conversation_id": own, "reply_to": str(ids["messages"])}, "/reply_to"),
        ("/v1/follow-ups", task | {"conversation_id": conversation}, "/conversation_id"),
        (
            "/v1/channel-accounts",
            {"channel": "email", "external_id": "n@b.cc", "settings": {"fallback": account}},
            "/settings/fallback",
        ),
    ]:
        answer = await world.client.post(path, json=body, headers={"x-api-key": one.key})
        assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [field]), path
    assert await other.everything() == before


async def test_lists_hold_ones_own(world: World, sides: tuple[Side, Side]) -> None:
    for side in sides:
        own = {row["id"] for row in await side.everything()}
        for method, path in endpoints(world):
            if method == "GET" and "{" not in path:
                status, said = await side.ask(method, path)
                assert status == 200
                if path in ABOUT_ONESELF:
                    assert said["tenant_id"] == str(side.id)
                    continue
                assert {each["id"] for each in said["data"]} <= own, path
                assert said["data"] or path == "/admin/outbox/unsent", path


async def test_what_one_does_to_all_is_done_to_ones_own(world: World, sides: tuple[Side, Side]) -> None:
    world.clock.advance(days=61)
    one, other = sides
    before = await other.everything()
    said = {}
    for method, path in endpoints(world):
        if method != "GET" and "{" not in path:
            status, said[path] = await one.ask(method, path)
            assert status == SAYS.get(path, 200), (path, said[path])
            assert await other.everything() == before, path
    assert sum(said["/admin/retention/redact"]["redacted"].values()) >= 3
