"""What runs for every question to a model, every draft that waits, and what is forgotten of both."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from concierge.asking import budgets
from concierge.asking import store as asking
from concierge.followups.drafting import store as drafts
from concierge.postgres.query import Conn
from concierge.retention import questions
from tests.schema.year import NOW, made

TENANT, TALK = made("tenant", 1), made("conversation", 7)
MONTH, OLD = NOW.date().replace(day=1), NOW - timedelta(days=200)


def call(conn: Conn, cost: int) -> Awaitable[Any]:
    return asking.add_call(
        conn,
        tenant_id=TENANT,
        conversation_id=TALK,
        provider="p",
        model="m",
        purpose="extract",
        prompt_version="v",
        prompt_hash="h",
        outcome="answered",
        error=None,
        request_id=None,
        input_tokens=1,
        cached_tokens=0,
        output_tokens=1,
        cost_micro_usd=cost,
        latency_ms=1,
        prompt=None,
        answer=None,
        month=MONTH,
        now=NOW,
    )


STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    "what holds for a question": lambda conn: asking.standing(
        conn, tenant_id=TENANT, conversation_id=TALK, month=MONTH
    ),
    "a question that cost": lambda conn: call(conn, 12),
    "a question for nothing": lambda conn: call(conn, 0),
    "a provider fails": lambda conn: asking.fail_provider(conn, provider="p", patience=5, until=None, now=NOW),
    "a provider rests": lambda conn: asking.tell_resting(conn, provider="p7"),
    "a provider is tried": lambda conn: asking.try_provider(conn, provider="p7", until=NOW, now=NOW),
    "a provider answers": lambda conn: asking.heal_provider(conn, provider="p7", now=NOW),
    "a budget is used up": lambda conn: asking.tell_spent(conn, tenant_id=TENANT, month=MONTH, now=NOW),
    "a budget has room": lambda conn: budgets.has_room(conn, tenant_id=TENANT, month=MONTH),
    "what a month cost": lambda conn: budgets.spending(conn, tenant_id=TENANT, month=MONTH),
    "pseudonyms": lambda conn: asking.add_pseudonyms(
        conn, tenant_id=TENANT, conversation_id=TALK, kinds=["NAME"], ns=[77], sealed=[b"x"], now=NOW
    ),
    "a provider's thread": lambda conn: asking.keep_thread(
        conn, tenant_id=TENANT, conversation_id=TALK, provider="p", external_id="e", known="k", now=NOW
    ),
    "drafts that wait": lambda conn: drafts.waiting(
        conn,
        tenant_id=TENANT,
        contact_id=made("contact", 7),
        conversation_id=TALK,
        handled_seq=2,
        since=OLD,
        most=10,
    ),
    "the draft of a task": lambda conn: drafts.newest(conn, task_id=made("task", 13), tenant_id=TENANT),
    "material of a draft": lambda conn: drafts.material(conn, made("draft", 12)),
    "where a draft goes": lambda conn: drafts.addressed(conn, task_id=made("task", 13), tenant_id=TENANT),
    "redact model calls": lambda conn: questions.redact_calls(conn, tenant_id=None, before=OLD, now=NOW, limit=10),
    "forget pseudonyms": lambda conn: questions.forget_pseudonyms(conn, tenant_id=None, before=OLD, now=NOW, limit=10),
    "forget threads": lambda conn: questions.forget_threads(conn, tenant_id=None, before=OLD, now=NOW, limit=10),
    "redact drafts": lambda conn: questions.redact_drafts(conn, tenant_id=None, before=OLD, now=NOW, limit=10),
}
