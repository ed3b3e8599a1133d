"""Any series of moves: the database lets through what the picture shows and nothing else, and records it."""

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

# fmt: off
MOVES = {
    "needs_clarification": {"pending", "cancelled", "expired"},
    "pending":             {"due", "snoozed", "cancelled", "needs_clarification", "done"},
    "snoozed":             {"pending", "cancelled", "done"},
    "due":                 {"executing", "cancelled", "snoozed", "failed"},
    "executing":           {"sending", "failed", "cancelled"},
    "sending":             {"done", "failed", "expired"},
    # an operator retries the follow-up, or its reminder; or the reminder arrived after all
    "failed":              {"due", "sending", "done", "cancelled"},
    "done": set(), "cancelled": set(), "expired": set(),
}
# fmt: on
TASK = """
    with t as (insert into tenant (name) values ('A') returning id),
    a as (insert into channel_account (tenant_id, channel, external_id, transport)
          select id, 'email', 'moves', 'x' from t returning id),
    c as (insert into contact (tenant_id, created_at) select id, now() from t returning id),
    i as (insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
          select t.id, c.id, 'email', 'email', 'a', now() from t, c returning id),
    v as (insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
          select t.id, a.id, c.id, i.id, now(), now() from t, a, c, i returning id),
    m as (insert into inbound_message (tenant_id, channel_account_id, conversation_id, identity_id, seq,
                                       provider_message_id, kind, text, sent_at, received_at)
          select t.id, a.id, v.id, i.id, 1, 'm', 'text', '', now(), now() from t, a, v, i returning id)
    insert into task (tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, status, due_at, zone,
                      created_at, moved_at)
    select t.id, c.id, v.id, m.id, 'x', 'remind', %s, now(), 'UTC', now(), now() from t, c, v, m
    returning id
"""


class Moves(RuleBasedStateMachine):
    """One task in a transaction that is rolled back."""

    conn: psycopg.Connection
    start: str

    def __init__(self) -> None:
        super().__init__()
        self.status = self.start
        self.history = [self.start]
        (self.id,) = self.conn.execute(TASK, [self.start]).fetchone() or ()

    @rule(to=st.sampled_from(sorted(MOVES)))
    def move(self, to: str) -> None:
        allowed = to in MOVES[self.status] or to == self.status
        try:
            with self.conn.transaction():
                self.conn.execute("update task set status = %s where id = %s", [to, self.id])
        except psycopg.errors.CheckViolation:
            assert not allowed, (self.status, to)
            return
        assert allowed, (self.status, to)
        if to != self.status:
            self.status = to
            self.history.append(to)

    @invariant()
    def every_move_is_on_record(self) -> None:
        rows = self.conn.execute("select to_status from event where subject_id = %s order by id", [self.id]).fetchall()
        assert [status for (status,) in rows] == self.history

    def teardown(self) -> None:
        self.conn.rollback()


@pytest.fixture
def machine(shared_database: str) -> Iterator[type[Moves]]:
    with psycopg.connect(shared_database) as conn:
        yield type("MovesHere", (Moves,), {"conn": conn, "start": "pending"})


@pytest.mark.parametrize("start", ["needs_clarification", "pending"])
def test_only_the_moves_of_the_picture(machine: type[Moves], start: str) -> None:
    machine.start = start
    run_state_machine_as_test(machine, settings=settings(max_examples=5, stateful_step_count=25))


def test_every_single_move(shared_database: str) -> None:
    """All hundred pairs, also those a walk rarely comes by."""
    with psycopg.connect(shared_database) as conn:
        for start, to in product(MOVES, MOVES):
            conn.execute(TASK, [start])
            try:
                conn.execute("update task set status = %s", [to])
                let_through = True
            except psycopg.errors.CheckViolation:
                let_through = False
            assert let_through == (to in MOVES[start] or to == start), (start, to)
            conn.rollback()
