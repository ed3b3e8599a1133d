"""With many rows, nothing that runs for every message or every tick reads a whole table.

Each statement is run, on a database of a busy year, and Postgres is asked what it read: that sees through functions,
triggers and foreign keys, which EXPLAIN does not.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from concierge.admin import store as admin
from concierge.bookings import store as bookings
from concierge.bookings.answers import store as answers
from concierge.bookings.people import store as people
from concierge.bookings.reminders import store as reminders
from concierge.channels.model import Address, ChannelAccount, Echo, Renamed
from concierge.consent import store as consent
from concierge.conversations import store as conversations
from concierge.conversations.handover import store as handover
from concierge.credits import store as ledger
from concierge.followups import store as followups
from concierge.followups.acting import store as acting
from concierge.followups.recurring import store as recurring
from concierge.identities.merging import unite
from concierge.identities.renaming import rename
from concierge.inbox import store as inbox
from concierge.leads import store as leads
from concierge.media import store as media
from concierge.operations import store as operations
from concierge.outbox import fates
from concierge.outbox import store as outbox
from concierge.outbox.line import store as line
from concierge.outbox.model import Payload
from concierge.postgres.query import Conn
from concierge.reports.echoes import settle
from concierge.retention import store as retention
from concierge.summaries import store as summaries
from concierge.templates import store as templates
from concierge.tenants import store as tenants
from concierge.worker import store as worker
from tests.database import TestServer
from tests.each import each
from tests.fixtures import TEMPLATE
from tests.schema import console_statements as console
from tests.schema import left_out, models_statements, overview_statements, released_statements, webchat_statements
from tests.schema.year import NOW, made

YEAR = (Path(__file__).parent / "a_busy_year.sql").read_text()
BIG = """
    select relname, seq_tup_read from pg_stat_xact_user_tables
    where seq_tup_read > 0 and relname in (
        select relname from pg_class where reltuples > 1000 and relkind = 'r')
"""
READ = """
    select sum(seq_tup_read + idx_tup_fetch)::int from pg_stat_xact_user_tables
    where relname in ('outbound_message', 'task', 'conversation')
"""


@pytest.fixture(scope="module")
def year(server: TestServer) -> Iterator[str]:
    """The URL of a database in which much has happened."""
    url = server.clone(TEMPLATE, f"{TEMPLATE}_plans")
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as conn:
        conn.execute(YEAR, {"now": NOW})
        conn.execute("analyze")
    yield url
    server.drop(f"{TEMPLATE}_plans")


@pytest.fixture
async def busy(year: str) -> AsyncIterator[Conn]:
    """A connection to it, whose transaction is rolled back."""
    async with await psycopg.AsyncConnection.connect(year, options="-c timezone=UTC") as conn:
        yield conn
        await conn.rollback()


def accept(conn: Conn, n: int, sender: str, *also: str, extra: Any = None) -> Awaitable[Any]:
    return inbox.accept(
        conn,
        now=NOW,
        accounts=[made("account", 1)],
        address_kinds=["phone"],
        address_values=[sender],
        names=[None],
        provider_ids=[f"wamid.{n}"],
        kinds=["text"],
        texts=["hello"],
        subjects=[None],
        quotes=[None],
        automated=[None],
        sent=[NOW],
        raws=[b"{}"],
        correlations=["c"],
        also_ns=[1 for _ in also],
        also_kinds=["bsuid" for _ in also],
        also_values=list(also),
        extras=[extra and Jsonb(extra)],
    )


def receipt(conn: Conn, *, outbound_id: UUID | None, provider_message_id: str | None) -> Awaitable[Any]:
    return fates.apply_receipt(
        conn,
        channel_account_id=made("account", 1),
        outbound_id=outbound_id,
        provider_message_id=provider_message_id,
        attempt=1,
        status="read",
        facts={"pricing": "{}"},
        reason=None,
        now=NOW,
    )


def complaint(conn: Conn, *, outbound_id: UUID | None, provider_message_id: str | None) -> Awaitable[Any]:
    return consent.suppress_recipient(
        conn,
        tenant_id=TENANT,
        channel_account_id=ACCOUNT,
        outbound_id=outbound_id,
        provider_message_id=provider_message_id,
        reason="complaint",
        source="platform",
        at=NOW,
    )


def post(conn: Conn) -> Awaitable[Any]:
    return outbox.add(
        conn,
        tenant_id=TENANT,
        channel_account_id=ACCOUNT,
        conversation_id=PERSON,
        identity_id=made("identity", 7),
        kind="reminder",
        key="new",
        payload=Payload("hello"),
        send_at=None,
        expires_at=NOW,
        fallback_of=None,
        about=None,
        despite_suppression=False,
        correlation_id=None,
        wakes=True,
        priority=5,
        now=NOW,
    )


def take(conn: Conn) -> Awaitable[Any]:
    return line.take(
        conn,
        version=1,
        id=made("outbound", 2000),
        tenant_id=TENANT,
        conversation_id=made("conversation", 1001),
        channel_account_id=ACCOUNT,
        extra=None,
        keys=["account", "pair:77", "tenant"],
        gaps=[0.0125, 6.0, 1.0],
        bursts=[80, 45, 1],
        lined=[True, False, True],
        now=NOW,
    )


def echo(mid: str, person: str) -> Echo:
    return Echo(account="1234", provider_message_id=mid, recipient=Address("phone", person), text="hello", at=NOW)


TENANT, ACCOUNT, PERSON = made("tenant", 1), made("account", 1), made("conversation", 7)
OLD = NOW - timedelta(days=200)
ADDRESS = {"tenant_id": TENANT, "channel": "whatsapp", "kind": "phone", "value": "77"}
HERE = ChannelAccount(id=ACCOUNT, tenant_id=TENANT, channel="whatsapp", external_id="1234", transport="x")
STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    **console.STATEMENTS,
    **overview_statements.STATEMENTS,
    "a message of a stranger": lambda conn: accept(conn, 100_000, "stranger"),
    "a message of somebody known": lambda conn: accept(conn, 100_000, "77"),
    "a message that is known": lambda conn: accept(conn, 77, "39"),
    "a message with a known alias": lambda conn: accept(conn, 100_000, "77", "alias.77"),
    "a message with a new alias": lambda conn: accept(conn, 100_000, "78", "alias.new"),
    "a message that joins two people": lambda conn: accept(conn, 100_000, "78", "alias.79"),
    "a message with a file": lambda conn: accept(
        conn, 100_000, "77", extra={"attachments": [{"kind": "image", "locator": "9"}], "thread": ["<a@b>"]}
    ),
    "unite": lambda conn: unite(conn, HERE, (Address("phone", "78"), Address("bsuid", "alias.79")), now=NOW),
    "rename": lambda conn: rename(
        conn, HERE, Renamed(account="1234", old=Address("phone", "80"), new=Address("phone", "new"), at=NOW), now=NOW
    ),
    "an echo of ours": lambda conn: settle(conn, HERE, echo("out.7", "7"), now=NOW),
    "an echo of nobody's": lambda conn: settle(conn, HERE, echo("mid.new", "7"), now=NOW),
    "media.claim": lambda conn: media.claim(
        conn, inbound_message_id=made("inbound", 1000), now=NOW, lease=timedelta(minutes=5)
    ),
    "media.wake_due": lambda conn: media.wake_due(conn, now=NOW, lease=timedelta(minutes=5), limit=500),
    "media.expiring": lambda conn: media.expiring(
        conn, tenant_id=None, after=datetime.min.replace(tzinfo=UTC), after_id=UUID(int=0), limit=100
    ),
    "conversations.find": lambda conn: conversations.find(conn, PERSON),
    "read": lambda conn: conversations.read(conn, conversation_id=PERSON, after=1, most=50, remembered=10),
    "advance": lambda conn: conversations.advance(conn, made("conversation", 500), since=1, upto=2),
    "gone_quiet": lambda conn: conversations.gone_quiet(conn, now=NOW, limit=500),
    "withdraw": lambda conn: handover.withdraw(
        conn, conversation_id=PERSON, tenant_id=TENANT, kinds=["reply"], now=NOW
    ),
    "conversations.forgotten": lambda conn: conversations.forgotten(conn, before=NOW, limit=500),
    "count_sweep": lambda conn: conversations.count_sweep(conn, ids=[PERSON]),
    "spoken_of": lambda conn: acting.spoken_of(
        conn, tenant_id=TENANT, contact_id=made("contact", 7), conversation_id=PERSON, since=OLD, most=20
    ),
    "to_follow": lambda conn: recurring.to_follow(conn, limit=200),
    "claim_due": lambda conn: followups.claim_due(conn, now=NOW, limit=500),
    "begin": lambda conn: followups.begin(conn, made("task", 1), now=NOW),
    "working": lambda conn: followups.working(conn, made("task", 4)),
    "finish_sent": lambda conn: followups.finish_sent(conn, now=NOW, limit=500),
    "finish_late": lambda conn: followups.finish_late(conn, since=NOW, now=NOW, limit=500),
    "due_again": lambda conn: conversations.due_again(conn, now=NOW, limit=500),
    "hold a conversation": lambda conn: conversations.hold(conn, PERSON),
    "followups.forgotten": lambda conn: followups.forgotten(conn, before=NOW, limit=500),
    "resume": lambda conn: followups.resume(conn, reminder_id=made("outbound", 7), tenant_id=TENANT, by="x", now=NOW),
    "posting": post,
    "the head of a line": lambda conn: line.head(conn, conversation_id=made("conversation", 1001), now=NOW),
    "taking the head": take,
    "what else is in line": lambda conn: outbox.goes_on(conn, made("conversation", 1001)),
    "setting it aside": lambda conn: line.set_aside(
        conn, made("outbound", 2000), version=1, tenant_id=TENANT, status="held", reason="quiet", wake_at=NOW, now=NOW
    ),
    "elsewhere": lambda conn: line.elsewhere(
        conn, account_id=ACCOUNT, tenant_id=TENANT, contact_id=made("contact", 7), now=NOW
    ),
    "release_held": lambda conn: line.release_held(conn, now=NOW, limit=500),
    "release_scheduled": lambda conn: line.release_scheduled(conn, now=NOW, limit=500),
    "expire_late": lambda conn: line.expire_late(conn, now=NOW, limit=500),
    "forget_buckets": lambda conn: line.forget_buckets(conn, before=OLD),
    "close_window": lambda conn: outbox.close_window(conn, PERSON, tenant_id=TENANT, now=NOW),
    "fitting": lambda conn: templates.fitting(conn, channel_account_id=ACCOUNT, tenant_id=TENANT, kind="reminder"),
    "suppress": lambda conn: consent.suppress(
        conn, **ADDRESS, scope="all", reason="because", source="platform", at=NOW
    ),
    "lift": lambda conn: consent.lift(conn, **ADDRESS, scope="all", at=NOW),
    "suppress_person": lambda conn: consent.suppress_person(
        conn, tenant_id=TENANT, identity_id=made("identity", 7), scope="all", reason="r", source="word", now=NOW
    ),
    "a complaint by our id": lambda conn: complaint(conn, outbound_id=made("outbound", 7), provider_message_id=None),
    "a complaint by theirs": lambda conn: complaint(conn, outbound_id=None, provider_message_id="out.7"),
    "lift_person": lambda conn: consent.lift_person(conn, tenant_id=TENANT, identity_id=made("identity", 7), now=NOW),
    "wake_rested": lambda conn: tenants.wake_rested(conn, now=NOW),
    "wake_due": lambda conn: outbox.wake_due(conn, now=NOW, limit=500),
    "outbox.forgotten": lambda conn: outbox.forgotten(conn, before=NOW, limit=500),
    "silent": lambda conn: fates.silent(conn, before=NOW, limit=500),
    "give_up_on_lost": lambda conn: fates.give_up_on_lost(conn, before=NOW, now=NOW, limit=500),
    "a receipt by our id": lambda conn: receipt(conn, outbound_id=made("outbound", 7), provider_message_id=None),
    "a receipt by theirs": lambda conn: receipt(conn, outbound_id=None, provider_message_id="out.7"),
    "a receipt by both": lambda conn: receipt(conn, outbound_id=made("outbound", 7), provider_message_id="out.7"),
    "receipts that are repeated": lambda conn: fates.known(
        conn,
        accounts=[made("account", 1)] * 3,
        outbound_ids=[made("outbound", 7), None, made("outbound", 9)],
        provider_ids=["out.7", "out.8", None],
        statuses=["read"] * 3,
        facts=[Jsonb({})] * 3,
    ),
    "claim_due of bookings": lambda conn: reminders.claim_due(conn, now=NOW, limit=500),
    "finish of bookings": lambda conn: reminders.finish(conn, now=NOW, limit=500),
    "forgotten of bookings": lambda conn: reminders.forgotten(conn, before=NOW, limit=500),
    "of_other_rules": lambda conn: bookings.of_other_rules(conn, rules="today", now=NOW, limit=200),
    "resume of bookings": lambda conn: reminders.resume(
        conn, outbound_message_id=made("outbound", 7), tenant_id=TENANT, by="x", now=NOW
    ),
    "ahead": lambda conn: bookings.ahead(conn, contact_id=made("contact", 7), tenant_id=TENANT, now=NOW),
    "said before": lambda conn: answers.before(
        conn, inbound_id=made("inbound", 7), conversation_id=PERSON, tenant_id=TENANT
    ),
    "cancel of reminders": lambda conn: reminders.cancel(
        conn, booking_id=made("booking", 3000), tenant_id=TENANT, reason="moved", now=NOW
    ),
    "is_overtaken": lambda conn: reminders.is_overtaken(
        conn, booking_id=made("booking", 7), tenant_id=TENANT, schedule_version=1, n=1, now=NOW
    ),
    "bookings of a policy": lambda conn: bookings.of_older_policy(
        conn, policy_id=made("policy", 1), tenant_id=TENANT, now=NOW, limit=100
    ),
    "withdraw what is about a booking": lambda conn: outbox.withdraw(
        conn, about=made("booking", 7), tenant_id=TENANT, reason="r", now=NOW
    ),
    "ways": lambda conn: people.ways(
        conn, contact_id=made("contact", 7), tenant_id=TENANT, channels=["whatsapp"], kind="reminder", now=NOW
    ),
    "person": lambda conn: people.person(conn, contact_id=made("contact", 7), tenant_id=TENANT),
    "who comes": lambda conn: people.find_or_add(
        conn, tenant_id=TENANT, channels=["whatsapp"], kinds=["phone"], values=["77"], name="A", language="en", now=NOW
    ),
    "the lead of a conversation": lambda conn: leads.plan(
        conn, tenant_id=TENANT, conversation_id=PERSON, due_at=NOW, now=NOW
    ),
    "leads.claim_due": lambda conn: leads.claim_due(conn, now=NOW, again_at=NOW, limit=500),
    "leads.wanted": lambda conn: leads.wanted(conn, made("lead", 500)),
    "asking for a summary": lambda conn: summaries.ask(
        conn, tenant_id=TENANT, contact_id=made("contact", 7), correlation_id=None, now=NOW
    ),
    "summaries.claim_due": lambda conn: summaries.claim_due(conn, now=NOW, limit=500),
    "summaries.forgotten": lambda conn: summaries.forgotten(conn, before=NOW, limit=500),
    "summaries.wanted": lambda conn: summaries.wanted(conn, made("summary", 1)),
    "the lines of a week": lambda conn: summaries.lines(
        conn, tenant_id=TENANT, contact_id=made("contact", 7), since=OLD, upto=NOW, limit=200
    ),
    "credits.reserve": lambda conn: ledger.reserve(
        conn, tenant_id=TENANT, conversation_id=PERSON, turn_seq=77, amount=1, now=NOW
    ),
    "credits.end": lambda conn: ledger.end(conn, made("reserve", 7), tenant_id=TENANT, spent=0, now=NOW),
    "release_abandoned": lambda conn: ledger.release_abandoned(conn, before=NOW, now=NOW, limit=500),
    "balance": lambda conn: ledger.balance(conn, tenant_id=TENANT),
    "affordable": lambda conn: conversations.affordable(conn, reason="x", since=OLD, now=NOW, limit=500),
    "operations.unhandled": lambda conn: operations.unhandled(conn, now=NOW, limit=50),
    "operations.unsent": lambda conn: operations.unsent(conn, now=NOW, limit=50),
    "operations.metrics": lambda conn: operations.metrics(conn, since=datetime.now(UTC) - timedelta(days=1), most=500),
    "stalled": lambda conn: worker.stalled(conn, dead_after=timedelta(seconds=15), limits={"inbox.handle": 150.0}),
    "delete_finished": lambda conn: worker.delete_finished(
        conn, age=timedelta(days=7), statuses=["succeeded"], queue=None, limit=100
    ),
    **{
        f"redact {name}": lambda conn, statement=statement: statement(
            conn, tenant_id=None, before=OLD, now=NOW, limit=10
        )
        for name, statement in {
            "inbound": retention.redact_inbound,
            "outbound": retention.redact_outbound,
            "extractions": retention.redact_extractions,
            "tasks": retention.redact_tasks,
            "leads": retention.redact_leads,
            "summaries": retention.redact_summaries,
            "media": media.mark_old,
            "app replies": retention.redact_app_replies,
            "notices": retention.redact_notices,
        }.items()
    },
    **models_statements.STATEMENTS,
    **webchat_statements.STATEMENTS,
    **released_statements.STATEMENTS,
}


@each("name", STATEMENTS)
async def test_no_big_table_is_read_from_end_to_end(busy: Conn, name: str) -> None:
    await busy.rollback()  # where the statement before it has failed, nothing else would be heard
    await busy.execute("select pg_stat_force_next_flush()")  # what was read until now is counted no longer
    await busy.rollback()
    await STATEMENTS[name](busy)
    assert await (await busy.execute(BIG)).fetchall() == []


async def test_a_list_of_operators_reads_what_it_shows(busy: Conn) -> None:
    """However much has failed or waits: its order is that of an index."""
    await busy.execute("set session_replication_role = replica")
    await busy.execute("""
        update outbound_message set status = (array['queued', 'held', 'blocked', 'failed', 'unknown'])[1 + n % 5],
                                    escalated_at = case when n % 5 = 4 then moved_at end
        from generate_series(1000, 4000) n where dedupe_key = n::text
    """)
    await busy.execute("analyze outbound_message")
    for listed in (admin.unsent_messages, admin.failed_messages, admin.failed_tasks, admin.parked_conversations):
        before = await (await busy.execute(READ)).fetchone()
        rows = await listed(busy, tenant_id=TENANT, limit=10)
        after = await (await busy.execute(READ)).fetchone()
        assert after[0] - before[0] <= 5 * len(rows), listed.__name__


async def test_a_message_of_a_visitor_is_numbered(busy: Conn) -> None:
    """So the trigger that does it is among what was looked at."""
    await webchat_statements.accept(busy)
    assert await (await busy.execute(webchat_statements.LAST)).fetchone() == (5,)


async def test_a_scan_would_be_seen(busy: Conn) -> None:
    await busy.execute("select count(*) from inbound_message where text = 'hello'")
    assert await (await busy.execute(BIG)).fetchall() == [("inbound_message", 5_000)]


async def test_ticks_that_worlds_leave_out_find_nothing(year: str) -> None:
    written = await left_out.written(year)
    assert [name for name, (due, without) in written.items() if without or not due] == []
