"""Any series of moves between bot and human: one leads at a time, the bot never has the last word over a human."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from concierge.conversations import store
from concierge.conversations.handover import moving
from concierge.conversations.model import Turn
from concierge.errors import Conflicting
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post

NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
PERSON = """
    with t as (insert into tenant (name) values ('A') returning id),
    a as (insert into channel_account (tenant_id, channel, external_id, transport)
          select id, 'email', 'handing', 'x' from t returning id),
    c as (insert into contact (tenant_id, created_at) select id, now() from t returning id)
    insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
    select t.id, c.id, 'email', 'email', 'a', now() from t, c
"""
OPEN = """
    insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
    select a.tenant_id, a.id, i.contact_id, i.id, now(), now()
    from channel_account a join contact_identity i on i.tenant_id = a.tenant_id
    where a.external_id = 'handing'
    returning id, tenant_id, channel_account_id, identity_id
"""
ALLOWED = {
    moving.take_over: {"bot", "handoff_requested", "human"},
    moving.release: {"handoff_requested", "human"},
    moving.close: {"bot", "handoff_requested", "human"},
}
LEADS = {moving.take_over: "human", moving.release: "bot", moving.close: "closed"}


class Leading(RuleBasedStateMachine):
    """One person's conversations in a transaction that is rolled back; the verbs are the real ones."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.run = self.runner.run
        self.conn: Any = self.run(psycopg.AsyncConnection.connect(self.url))
        self.run(self.conn.execute(PERSON))
        self.wanted = 0  # times a human was asked for
        self.n = 0
        self._open()

    def _open(self) -> None:
        self.id, self.tenant_id, self.account_id, self.identity_id = self._rows(OPEN)[0]
        self.status = "bot"

    def _rows(self, sql: str, **parameters: Any) -> list[Any]:
        async def ask() -> list[Any]:
            cursor = await self.conn.execute(sql, parameters)
            return await cursor.fetchall()

        return self.run(ask())

    @rule(verb=st.sampled_from(list(ALLOWED)))
    def an_operator_moves(self, verb: Any) -> None:
        try:
            self.run(verb(self.conn, self.id, tenant_id=self.tenant_id, by="Olga", now=NOW))
        except Conflicting:
            assert self.status not in ALLOWED[verb]
            return
        assert self.status in ALLOWED[verb]
        self.status = LEADS[verb]

    @rule()
    def the_bot_wants_a_human(self) -> None:
        asked = self.run(self._request())
        assert asked == (self.status == "bot")
        if asked:
            self.status = "handoff_requested"
            self.wanted += 1

    async def _request(self) -> bool:
        conversation = await store.find(self.conn, self.id)
        assert conversation is not None
        turn = Turn(conversation=conversation, messages=[], history=[])
        return await moving.request(self.conn, turn, reason="r", summary="s", now=NOW)

    @rule()
    def the_bot_talks(self) -> None:
        if self.status == "bot":
            self.n += 1
            message = NewMessage(
                tenant_id=self.tenant_id,
                channel_account_id=self.account_id,
                conversation_id=self.id,
                identity_id=self.identity_id,
                kind="reply",
                payload=Payload("hello"),
                correlation_id=None,
            )
            self.run(post(self.conn, message, key=f"{self.id}:{self.n}", now=NOW))

    @rule()
    def the_person_writes_again(self) -> None:
        if self.status == "closed":
            self._open()

    @invariant()
    def one_leads(self) -> None:
        assert self._rows("select status from conversation where id = %(id)s", id=self.id) == [(self.status,)]
        with_human = self.status in ("handoff_requested", "human")
        live = "select count(*) from handoff where ended_at is null"
        assert self._rows(live) == [(1 if with_human else 0,)]
        notices = "select count(*) from notification where kind = 'handoff' and acknowledged_at is null"
        assert self._rows(notices) == [(1 if self.status == "handoff_requested" else 0,)]
        assert self._rows("select count(*) from handoff where reason = 'r'") == [(self.wanted,)]

    @invariant()
    def the_bot_is_silent_before_a_human(self) -> None:
        if self.status == "human":
            waiting = "select count(*) from outbound_message where conversation_id = %(id)s and status = 'queued'"
            assert self._rows(waiting, id=self.id) == [(0,)]

    def teardown(self) -> None:
        self.run(self.conn.rollback())
        self.run(self.conn.close())
        self.runner.close()


@pytest.fixture
def machine(shared_database: str) -> type[Leading]:
    return type("LeadingHere", (Leading,), {"url": shared_database})


def test_any_series_of_moves(machine: type[Leading]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=8, stateful_step_count=20))


def test_a_human_who_takes_over_has_the_last_word(machine: type[Leading]) -> None:
    """The shortest such series, which a walk seldom comes by: the bot has spoken, and nobody was asked for."""
    leading = machine()
    leading.the_bot_talks()
    leading.an_operator_moves(moving.take_over)
    leading.the_bot_is_silent_before_a_human()
    leading.teardown()
