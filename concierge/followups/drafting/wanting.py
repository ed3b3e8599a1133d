"""Wanting a draft: another version by a model, or a person's own words."""

from datetime import datetime
from uuid import UUID

from concierge.errors import Conflicting, Missing
from concierge.followups.drafting import store
from concierge.followups.drafting.model import Draft, Write
from concierge.llm.purposes import Length
from concierge.postgres.query import Conn
from concierge.postgres.queue import put

OVER = frozenset({"cancelled", "expired", "failed"})


async def again(
    conn: Conn,
    task_id: UUID,
    *,
    tenant_id: UUID,
    tone: str | None,
    length: Length | None,
    language: str | None,
    wish: str | None = None,
    now: datetime,
) -> Draft:
    """Have a model write the next version, where not said otherwise as the one before. Raises Missing, Conflicting.

    With a `wish`, even an empty one, it is the person who wants it, and they are shown what is written.
    """
    await _hold(conn, task_id, tenant_id)
    await store.replace(conn, task_id=task_id, tenant_id=tenant_id, now=now)
    manner = {"tone": tone, "length": length, "language": language, "wish": wish}
    facts = {"task_id": task_id, "tenant_id": tenant_id, "now": now}
    id = await store.add(conn, status="writing", author="model", text="", **manner, **facts)  # type: ignore[arg-type]
    await put(conn, Write(id))
    return await newest(conn, task_id, tenant_id=tenant_id)


async def instead(conn: Conn, task_id: UUID, *, tenant_id: UUID, text: str, now: datetime) -> Draft:
    """A person's words in place of the draft; they still have to be approved. Raises Missing, Conflicting."""
    await _hold(conn, task_id, tenant_id)
    await store.replace(conn, task_id=task_id, tenant_id=tenant_id, now=now)
    await store.add(
        conn,
        task_id=task_id,
        tenant_id=tenant_id,
        status="proposed",
        author="person",
        text=text,
        tone=None,
        length=None,
        language=None,
        wish=None,
        now=now,
    )
    return await newest(conn, task_id, tenant_id=tenant_id)


async def newest(conn: Conn, task_id: UUID, *, tenant_id: UUID) -> Draft:
    """The version that counts. Raises Missing."""
    draft = await store.newest(conn, task_id=task_id, tenant_id=tenant_id)
    if draft is None:
        raise Missing("the follow-up has no draft")
    return draft


async def _hold(conn: Conn, task_id: UUID, tenant_id: UUID) -> None:
    status = await store.hold_task(conn, task_id=task_id, tenant_id=tenant_id)
    if status is None:
        raise Missing("there is no such follow-up that wants a draft")
    if status in OVER:
        raise Conflicting(f"the follow-up is {status}")
