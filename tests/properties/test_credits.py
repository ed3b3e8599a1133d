"""Any series of grants, reserves and ends: the ledger sums to the balance, and nothing is spent that is not there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from concierge.credits import store
from concierge.postgres.query import QUERIES

TENANT = """
    with t as (insert into tenant (name) values ('A') returning id),
    a as (insert into channel_account (tenant_id, channel, external_id, transport)
          select id, 'email', %s, 'x' from t returning id),
    c as (insert into contact (tenant_id, created_at) select id, now() from t returning id),
    i as (insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
          select t.id, c.id, 'email', 'email', 'a', now() from t, c returning id),
    v as (insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
          select t.id, a.id, c.id, i.id, now(), now() from t, a, c, i returning id)
    select t.id, v.id from t, v
"""
START = datetime(2027, 3, 3, 12, tzinfo=UTC)
SQL = {query.name.rpartition(".")[2]: query.sql for query in QUERIES if query.name.startswith(store.__name__)}


class Ledger(RuleBasedStateMachine):
    """One account in a transaction that is rolled back, beside what it should be."""

    conn: psycopg.Connection[Any]
    reserves = Bundle("reserves")

    def __init__(self) -> None:
        super().__init__()
        self.tenant, self.conversation = self.conn.execute(TENANT, [uuid4().hex]).fetchone() or (None, None)
        self.now = START
        self.balance: int | None = None  # None: not metered
        self.open: dict[int, tuple[Any, int, datetime]] = {}  # (id, credits, since) by turn
        self.keys: set[str] = set()

    def run(self, name: str, **given: Any) -> Any:
        every = {"tenant_id": self.tenant, "conversation_id": self.conversation, "now": self.now}
        return self.conn.execute(SQL[name], every | given)  # type: ignore[arg-type]

    @rule(amount=st.integers(1, 5), key=st.sampled_from("abcdef"))
    def grant(self, amount: int, key: str) -> None:
        self.run("open_account")
        given = self.run("grant", amount=amount, key=key, note=None).fetchone()
        assert (given is None) == (key in self.keys)
        self.balance = (self.balance or 0) + (amount if given else 0)
        self.keys.add(key)

    @rule(target=reserves, turn=st.integers(0, 3), amount=st.integers(1, 3))
    def reserve(self, turn: int, amount: int) -> Any:
        outcome, id, taken = self.run("reserve", turn_seq=turn, amount=amount).fetchone()
        if self.balance is None:
            assert (outcome, id) == ("unlimited", None)
        elif turn in self.open:
            assert (outcome, id, taken) == ("reserved", *self.open[turn][:2])
        elif self.balance < amount:
            assert (outcome, id) == ("short", None)
        else:
            assert (outcome, taken) == ("reserved", amount)
            self.balance -= amount
            self.open[turn] = (id, amount, self.now)
        return turn, id

    @rule(reserve=consumes(reserves), share=st.integers(0, 4), again=st.booleans())
    def end(self, reserve: Any, share: int, *, again: bool) -> None:
        turn, id = reserve
        held = self.open.get(turn, (None, 0, None))
        spent = min(share, held[1])
        ended = self.run("end", id=id, spent=spent).fetchone()
        assert (ended is not None) == (id is not None and held[0] == id)
        if ended:
            assert self.balance is not None
            self.balance += held[1] - spent
            del self.open[turn]
            if again:
                assert self.run("end", id=id, spent=0).fetchone() is None

    @rule(minutes=st.integers(1, 20))
    def nobody_comes_back(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        before = self.now - timedelta(minutes=30)
        released = self.run("release_abandoned", before=before, limit=100).fetchall()
        left = {turn: held for turn, held in self.open.items() if held[2] < before}
        assert len(released) == len(left)
        for turn, held in left.items():
            assert self.balance is not None
            self.balance += held[1]
            del self.open[turn]

    @rule(amount=st.integers(1, 5), kind=st.sampled_from(["mint", "overdraw", "rewrite", "forget", "end twice"]))
    def by_hand(self, amount: int, kind: str) -> None:
        """What somebody might try in psql: Postgres itself refuses."""
        ends = "insert into credit_entry (tenant_id, account_id, kind, amount, reserved, reserve_id, created_at)"
        reserve = "from credit_entry where kind = 'reserve'"
        tried = {
            "mint": f"""{ends} select tenant_id, account_id, 'settle', reserved + {amount}, reserved, id, now()
                        {reserve}""",
            "overdraw": "update credit_account set balance = balance - 1000",
            "rewrite": f"update credit_entry set amount = amount + {amount}",
            "forget": "delete from credit_entry",
            "end twice": f"""{ends} select tenant_id, account_id, 'release', reserved, reserved, id, now() {reserve}
                             and id in (select reserve_id from credit_entry)""",
        }[kind]
        before = self.conn.execute("select count(*) from credit_entry").fetchone()
        try:
            with self.conn.transaction():
                assert self.conn.execute(tried).rowcount == 0  # type: ignore[arg-type]
        except psycopg.errors.IntegrityError:
            pass
        assert self.conn.execute("select count(*) from credit_entry").fetchone() == before

    @invariant()
    def the_ledger_sums(self) -> None:
        facts = self.conn.execute(
            """select (select balance from credit_account), (select sum(amount)::bigint from credit_entry),
                      (select count(*) from credit_hold)"""
        ).fetchone()
        assert facts == (self.balance, self.balance if self.keys else None, len(self.open))
        assert self.balance is None or self.balance >= 0

    def teardown(self) -> None:
        self.conn.rollback()


@pytest.fixture
def machine(shared_database: str) -> Iterator[type[Ledger]]:
    with psycopg.connect(shared_database) as conn:
        yield type("LedgerHere", (Ledger,), {"conn": conn})


def test_the_ledger_always_sums(machine: type[Ledger]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=30))
