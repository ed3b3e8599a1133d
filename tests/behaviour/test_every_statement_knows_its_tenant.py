"""What the SQL says, statement by statement: each is bound to a tenant or to one row, or it says here why not."""

import re

import pytest

from concierge.postgres.query import Conn, Query
from tests.schema.test_queries import QUERIES

ACROSS = {
    # who is it? nobody is known yet: the question is asked by what only one tenant can have
    "tenants.key_store.admit": "a key's hash is unique",
    "tenants.answered.forget": "tick",
    "tenants.business_store.add": "a new one",
    "followups.showing.wake_snoozed": "tick",
    "followups.recurring.store.to_follow": "tick",
    "outbox.line.store.release_scheduled": "tick",
    "inbox.store.writers": "arrival; the tenant is that of each account",
    "tenants.store.find_accounts": "(channel, external_id) is unique; the webhook has only these",
    "webchat.store.is_known_origin": "a preflight names no widget; it learns yes or no",
    "tenants.store.find_owned": "Meta's ids are unique; the webhook has only these",
    "live.store.with_news": "the tenants that listen in this process; it learns which of them have news",
    "console.store.operators.find_login": "a login is unique",
    "console.store.operators.find_session": "a cookie's hash is unique",
    "console.store.operators.open_session": "a new one",
    "console.store.operators.touch_session": "a cookie's hash is unique",
    "console.store.operators.close_session": "a cookie's hash is unique",
    "console.store.operators.forget_sessions": "what has expired",
    "console.store.activity.newest": "tick",
    "console.store.activity.oldest": "tick",
    "console.store.activity.count_fates": "tick",
    "console.store.activity.forget": "tick",
    # at start, for the machine as a whole
    "tenants.store.first_tenant": "the one that the environment describes",
    "tenants.store.add_tenant": "a new one",
    "tenants.store.unsigned_accounts": "a warning at start",
    "tenants.store.locked_accounts": "the guard of seeding",
    # arrival: many accounts in one batch; the function takes the tenant from each account
    "inbox.store.accept": "accept_inbound",
    "outbox.fates.known": "receipts of many accounts in one batch, each bound to its account",
    # ticks: they look for what is due, whoever's it is, and give ids
    "followups.store.claim_due": "tick",
    "followups.store.finish_sent": "tick; joins a task to the reminder it refers to",
    "followups.store.finish_late": "tick; joins a task to the reminder it refers to",
    "followups.store.forgotten": "tick",
    "bookings.reminders.store.claim_due": "tick",
    "bookings.reminders.store.finish": "tick; joins a reminder to the message it refers to",
    "bookings.reminders.store.finish_late": "tick; joins a reminder to the message it refers to",
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
    "retention.run_store.forget": "tick",
    "contacts.erasing_store.to_erase_again": "tick",
    "outbox.line.store.release_held": "tick",
    "outbox.line.store.release_templated": "tick",
    "outbox.line.store.expire_late": "tick",
    "outbox.line.store.forget_buckets": "tick",
    "asking.store.tell_resting": "a provider's, told to whoever runs the machine",
    # a scheduler of others', with a token of the machine's; it learns counts
    "operations.store.unhandled": "ids to work on, as a tick",
    "operations.store.unsent": "ids to work on, as a tick",
    # the machine's health
    "admin.machine_store.unsent": "counts, for metrics",
    "admin.machine_store.accounts": "counts, for metrics",
    "worker.store.lag": "counts, for the doctor",
    "worker.store.stopped": "counts, for the doctor",
}
ACROSS_INSIDE = ("accept_inbound", "admit_caller", "known_receipts")  # functions whose statements are not seen here
TABLE = re.compile(r"\b(?:from|join|update|into)\s+(?:only\s+)?([a-z_]+)")
CALLED = re.compile(r"\b([a-z_]+) as \(")  # within a statement
BY_TENANT = re.compile(r"\btenant_id\s*=\s*%\(tenant_id\)s|insert into \w+ \(tenant_id\b")
GIVEN = re.compile(  # to a row or a function, or asked of the tenant's own row
    r"(?:[(,]\s*|\bselect (?:distinct on \([^)]*\) )?|\bid = )%\(tenant_id\)s"
)
ANYBODYS = "%(tenant_id)s::uuid is null"  # a tenant's, or everybody's where nobody's is asked for
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
        if (of_tenants & set(TABLE.findall(query.sql)) or any(each in query.sql for each in ACROSS_INSIDE))
        and not BY_TENANT.search(query.sql)
        and not ONE_ROW.search(query.sql)
    }
    assert loose == set(ACROSS), loose ^ set(ACROSS)


def test_a_tenant_that_is_named_is_asked_for() -> None:
    """The row's id beside it would find a row all the same, whosever it is."""
    loose = [
        name_of(query)
        for query in QUERIES
        if "%(tenant_id)s" in GIVEN.sub("", BY_TENANT.sub("", query.sql.replace(ANYBODYS, "")))
    ]
    assert loose == []


def test_what_operators_ask_is_always_bound_to_their_tenant() -> None:
    """An id in a path comes from outside: there, the id alone is not enough."""
    asked = [
        query for query in QUERIES if name_of(query).startswith(("admin.", "console.")) and name_of(query) not in ACROSS
    ]
    assert len(asked) >= 7
    shared = ("machine", "queue", "tick_store")  # behind platform:*
    machine = [query for query in asked if any(name in query.name for name in shared)]
    named = {table for query in machine for table in TABLE.findall(query.sql)}
    own = {name for query in machine for name in CALLED.findall(query.sql)}
    beyond = {each for each in named - own if "procrastinate" not in each}
    assert beyond <= {"lateral", "now", "outbound_message", "queue_pause", "t", "tick"}
    nobodys = [query for query in asked if "login_try" in TABLE.findall(query.sql)]  # a login that nobody may have
    loose = [query for query in asked if query not in (*machine, *nobodys) and not BY_TENANT.search(query.sql)]
    assert [name_of(query) for query in loose] == []
