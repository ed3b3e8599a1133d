"""When a follow-up is due: take it, draft what is wanted, hand its reminder to the outbox, see it arrive."""

from datetime import timedelta
from uuid import UUID

from concierge.errors import ModelError
from concierge.followups import showing, store
from concierge.followups.drafting import store as drafts
from concierge.followups.drafting.model import Draft, goes_alone
from concierge.followups.drafting.writing import at_once
from concierge.followups.model import Execute, Working
from concierge.followups.texts.wording import reminder
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.queue import put
from concierge.runtime import Runtime

BATCH = 500
FORGOTTEN = timedelta(minutes=5)
LATELY = timedelta(days=1)

log = logger(__name__)


async def take_due(runtime: Runtime) -> None:
    """Tick: tasks whose time has come become due, each with a job; finished reminders finish their tasks."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await showing.wake_snoozed(conn, now=now, limit=BATCH)
        ids = await store.claim_due(conn, now=now, limit=BATCH)
        await put(conn, *(Execute(id) for id in ids))
        await store.finish_sent(conn, now=now, limit=BATCH)


async def sweep(runtime: Runtime) -> None:
    """Tick: queue a job for tasks that are due and have no live job; finish those whose reminder arrived late."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.forgotten(conn, before=now - FORGOTTEN, limit=BATCH)
        await put(conn, *(Execute(id) for id in ids))
        await store.finish_late(conn, since=now - LATELY, now=now, limit=BATCH)


async def execute(runtime: Runtime, task_id: UUID) -> None:
    """Do one due task. Harmless to run twice: only one run can move it from executing to sending."""
    async with runtime.connection() as conn:
        await store.begin(conn, task_id, now=runtime.clock())
        task = await store.working(conn, task_id)
    if task is None:
        return
    with correlate(task.correlation_id):
        draft = await _draft(runtime, task) if task.kind == "remind_and_draft" else None
        await _hand_over(runtime, task, draft)


async def _draft(runtime: Runtime, task: Working) -> Draft | None:
    """A text for the person to use; a reminder is never held back because none could be written."""
    try:
        return await at_once(runtime, task.id, task.tenant_id)
    except ModelError as error:
        log.warning("no draft", task=str(task.id), error=str(error))
        async with runtime.begin() as conn:
            await notify(conn, task.tenant_id, "task", task.id, "no_draft", str(error), now=runtime.clock())
        return None


async def _hand_over(runtime: Runtime, task: Working, draft: Draft | None) -> None:
    now = runtime.clock()
    asks = draft is not None and draft.status == "proposed"
    alone = draft is not None and goes_alone(draft.status, task.drafts)
    said = reminder(task.title, draft.text if draft else None, task.language, asks=asks)
    message = NewMessage(
        tenant_id=task.tenant_id,
        channel_account_id=task.channel_account_id,
        conversation_id=task.conversation_id,
        identity_id=task.identity_id,
        kind="reminder",
        payload=Payload(
            text=draft.text if draft and alone else said,
            subject=task.subject,
            quotes=task.source_message_id,
            facts={"title": task.title},
        ),
        correlation_id=task.correlation_id,
    )
    async with runtime.begin() as conn:
        if not await store.hold(conn, task.id, tenant_id=task.tenant_id):
            return  # cancelled, or done by another run, while the draft was written
        id = await post(conn, message, key=f"task:{task.id}:reminder:{task.round}", now=now)
        if id is None:
            return
        text = draft.text if draft else None
        await store.hand_over(conn, task.id, tenant_id=task.tenant_id, draft=text, reminder_id=id, now=now)
        if draft and alone:
            await drafts.send(conn, draft.id, tenant_id=task.tenant_id, outbound_message_id=id, now=now)
        elif draft and asks:
            await drafts.ask(conn, [draft.id], tenant_id=task.tenant_id, outbound_message_id=id)


async def give_up(runtime: Runtime, task_id: UUID, reason: str) -> None:
    """Park the task as failed; an operator is told and may retry it."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        tenant_id = await store.fail(conn, task_id, reason=reason, now=now)
        if tenant_id is not None:
            await notify(conn, tenant_id, "task", task_id, "failed", reason, now=now)
