"""Two businesses in one database: neither sees, moves or is disturbed by what belongs to the other."""

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest

from concierge.errors import Refused
from concierge.postgres.query import Conn, Query
from concierge.tenants.keys import hashed
from concierge.web.app import build
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, readings
from tests.schema.test_queries import QUERIES
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
    union all select 'reminder-policies', id from reminder_policy where tenant_id = %(id)s
    union all select 'leads', id from lead where tenant_id = %(id)s
    union all select 'extractions', id from extraction where tenant_id = %(id)s
    union all select 'summaries', id from summary where tenant_id = %(id)s
    union all select 'users', %(id)s
    union all select 'webhook-endpoints', id from webhook_endpoint where tenant_id = %(id)s
    union all select 'notifications', id from notification where tenant_id = %(id)s
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
    k as (insert into credit_account (tenant_id, created_at) select tenant_id, now() from a returning id, tenant_id),
    g as (insert into credit_entry (tenant_id, account_id, kind, amount, key, created_at)
          select tenant_id, id, 'grant', 5, 'first', now() from k)
    insert into suppression (tenant_id, channel, kind, value, reason, source, at)
    select tenant_id, 'email', 'email', 'bob@example.com', 'asked to', 'operator', now() from a
"""
BOOKINGS = """
    with p as (insert into reminder_policy (tenant_id, name, created_at, updated_at)
               select id, 'P', now(), now() from tenant returning tenant_id, id),
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
    "/admin/templates": {"channelAccountId": str(UUID(int=0)), "name": "x", "language": "en", "kind": "reminder"},
    "/v1/credits/entries": {"amount": 5},
    "/v1/summaries": {"contact_id": str(UUID(int=0))},
    "/v1/api-keys": {"name": "x", "scopes": ["messages:read"]},
    "/v1/bookings": {"customer": {"email": "a@b.example"}, "service": "S", "starts_at": "2028-01-01T12:00:00Z"},
    "/v1/reminder-policies": {"name": "x"},
    "/v1/booking-texts": {"language": "de", "text": "x"},
    "/v1/suppressions": {"channel": "email", "kind": "email", "value": "x@y.zz"},
    "/v1/notifications/{id:uuid}/snooze": {"until": "2028-03-03T12:00:00Z"},
    "/v1/webhook-endpoints": {"url": "https://x.example", "event_types": ["*"]},
    "/v1/webhook-endpoints/{id:uuid}/replay": {"since": "2027-03-03T12:00:00Z"},
}
SAYS = {
    "/admin/templates": 404,
    "/admin/templates/sync": 202,
    "/v1/api-keys": 201,
    "/v1/webhook-endpoints": 201,
    "/v1/credits/entries": 201,
    "/v1/summaries": 404,
    "/v1/suppressions": 201,
    "/v1/bookings": 201,
    "/v1/reminder-policies": 201,
    "/v1/booking-texts": 201,
}
"""What an endpoint that makes or does something is told, where it wants a body, and answers, where that is not 200."""
ABOUT_ONESELF = {"/v1/me", "/v1/credits"}
"""Endpoints that answer with one thing, which has no id."""
DOORS = ("/admin", "/v1", "/users")
EVERYTHING = """
    select to_jsonb(t) from task t where tenant_id = %(id)s
    union all select to_jsonb(o) from outbound_message o where tenant_id = %(id)s
    union all select to_jsonb(c) from conversation c where tenant_id = %(id)s
    union all select to_jsonb(m) from inbound_message m where tenant_id = %(id)s
    union all select to_jsonb(f) from media f where tenant_id = %(id)s
    union all select to_jsonb(n) from notification n where tenant_id = %(id)s
    union all select to_jsonb(a) from channel_account a where tenant_id = %(id)s
    union all select to_jsonb(t) from message_template t where tenant_id = %(id)s
    union all select to_jsonb(s) from suppression s where tenant_id = %(id)s
    union all select to_jsonb(w) from webhook_endpoint w where tenant_id = %(id)s
    union all select to_jsonb(d) from webhook_delivery d where tenant_id = %(id)s
    union all select to_jsonb(e) from extraction e where tenant_id = %(id)s
    union all select to_jsonb(l) from lead l where tenant_id = %(id)s
    union all select to_jsonb(s) from summary s where tenant_id = %(id)s
    union all select to_jsonb(e) from credit_entry e where tenant_id = %(id)s
    union all select to_jsonb(a) from credit_account a where tenant_id = %(id)s
    union all select to_jsonb(k) from api_key k where tenant_id = %(id)s
    union all select to_jsonb(b) from booking b where tenant_id = %(id)s
    union all select to_jsonb(r) from reminder r where tenant_id = %(id)s
    union all select to_jsonb(p) from reminder_policy p where tenant_id = %(id)s
    union all select to_jsonb(x) from booking_text x where tenant_id = %(id)s
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
        return [row for (row,) in await self.world.rows(EVERYTHING, id=self.id)]

    async def ask(self, method: str, path: str, like: str = "") -> tuple[int, Any]:
        body = {"json": SAID.get(like or path, {})} if method in {"POST", "PATCH"} else {}
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
    await world.execute(BOOKINGS)
    (own,), (other,) = await world.rows("select id from tenant order by name = 'Other'")
    return Side(world, own, KEY), Side(world, other, OTHER_KEY)


def endpoints(world: World) -> list[tuple[str, str]]:
    """Every method and path behind a key that there is."""
    found = [
        (method, route.path)
        for route in build().routes
        if route.path.startswith(DOORS)
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
        nouns |= {"api-keys", "webhook-endpoints", "notifications", "leads", "extractions", "summaries", "users"}
        nouns |= {"bookings", "reminder-policies", "booking-texts"}
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
    for side, stranger in (sides, sides[::-1]):
        before, ids = await stranger.everything(), await stranger.ids()
        for method, path in endpoints(world):
            of_users = path.startswith("/users")
            if "{" in path and not (of_users and side.key == KEY):  # the machine's operator reaches beyond its tenant
                noun = path.split("/")[1 if of_users else 2]
                status, said = await side.ask(method, re.sub(r"{[^}]*}", str(ids[noun]), path), like=path)
                # granting credits is nobody's but the machine's operator's
                assert status == (403 if path.endswith("/credits") and method == "POST" else 404), (method, path)
                assert "data" not in said
        assert await stranger.everything() == before


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
                assert {each["id"] for each in said["data"]} < own, path
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


# --- what the SQL says, statement by statement

ACROSS = {
    # who is it? nobody is known yet: the question is asked by what only one tenant can have
    "tenants.key_store.admit": "a key's hash is unique",
    "tenants.answered.forget": "tick",
    "tenants.store.find_accounts": "(channel, external_id) is unique; the webhook has only these",
    "webchat.store.is_known_origin": "a preflight names no widget; it learns yes or no",
    "tenants.store.find_owned": "Meta's ids are unique; the webhook has only these",
    # at start, for the machine as a whole
    "tenants.store.first_tenant": "the one that the environment describes",
    "tenants.store.add_tenant": "a new one",
    "tenants.store.unsigned_accounts": "a warning at start",
    "tenants.store.other_signed_accounts": "the guard of seeding",
    # arrival: many accounts in one batch; the function takes the tenant from each account
    "inbox.store.accept": "accept_inbound",
    # ticks: they look for what is due, whoever's it is, and give ids
    "followups.store.claim_due": "tick",
    "followups.store.finish_sent": "tick; joins a task to the reminder it refers to",
    "followups.store.finish_late": "tick; joins a task to the reminder it refers to",
    "followups.store.forgotten": "tick",
    "bookings.reminders.store.claim_due": "tick",
    "bookings.reminders.store.finish": "tick; joins a reminder to the message it refers to",
    "bookings.reminders.store.forgotten": "tick",
    "bookings.store.of_other_rules": "tick",
    "media.store.wake_due": "tick",
    "media.store.record_gone": "tick; the ids that expiring gave",
    "outbox.store.wake_due": "tick",
    "outbox.store.forgotten": "tick",
    "outbox.fates.give_up_on_lost": "tick",
    "outbox.fates.silent": "tick",
    "conversations.store.forgotten": "tick",
    "conversations.store.count_sweep": "tick; the ids that forgotten gave",
    "conversations.store.due_again": "tick",
    "conversations.store.gone_quiet": "tick",
    "conversations.store.affordable": "tick; joins an account to its tenant's conversations",
    "leads.store.claim_due": "tick",
    "summaries.store.claim_due": "tick",
    "summaries.store.forgotten": "tick",
    "tenants.store.wake_rested": "tick",
    "webhooks.store.claim_endpoints": "tick",
    "outbox.line.store.release_held": "tick",
    "outbox.line.store.release_templated": "tick",
    "outbox.line.store.expire_late": "tick",
    "outbox.line.store.forget_buckets": "tick",
    # a scheduler of others', with a token of the machine's; it learns counts
    "operations.store.unhandled": "ids to work on, as a tick",
    "operations.store.unsent": "ids to work on, as a tick",
    # the machine's health
    "worker.store.lag": "counts, for the doctor",
}
TABLE = re.compile(r"\b(?:from|join|update|into)\s+(?:only\s+)?([a-z_]+)")
BY_TENANT = re.compile(r"\btenant_id\s*=\s*%\(tenant_id\)s|insert into \w+ \(tenant_id\b")
ONE_ROW = re.compile(r"\b((?:[a-z]+_)*id)\s*=\s*%\(")


@pytest.fixture
async def of_tenants(conn: Conn) -> set[str]:
    """Tables whose rows belong to tenants."""
    cursor = await conn.execute("select table_name from information_schema.columns where column_name = 'tenant_id'")
    return {name for (name,) in await cursor.fetchall()} | {"tenant", "delivery_attempt"}


def name_of(query: Query) -> str:
    return query.name.removeprefix("concierge.")


async def test_every_statement_is_bound_to_a_tenant_or_to_one_row(of_tenants: set[str]) -> None:
    """By `tenant_id`, or by the id of one row or of what it hangs on; all others are listed above, each with why."""
    loose = {
        name_of(query)
        for query in QUERIES
        if (of_tenants & set(TABLE.findall(query.sql)) or "accept_inbound" in query.sql or "admit_caller" in query.sql)
        and not BY_TENANT.search(query.sql)
        and not ONE_ROW.search(query.sql)
    }
    assert loose == set(ACROSS), loose ^ set(ACROSS)


def test_what_operators_ask_is_always_bound_to_their_tenant() -> None:
    """An id in a path comes from outside: there, the id alone is not enough."""
    asked = [query for query in QUERIES if name_of(query).startswith("admin.")]
    assert len(asked) >= 7
    assert [name_of(query) for query in asked if not BY_TENANT.search(query.sql)] == []
