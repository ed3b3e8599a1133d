"""Letting a model write a draft. Nothing is open meanwhile; of two runs the first that comes back counts."""

from datetime import datetime
from uuid import UUID

from concierge.asking.model import Behalf
from concierge.errors import ModelError
from concierge.followups.drafting import store
from concierge.followups.drafting.model import Draft, Material, Write
from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import LONGEST_DRAFT, proposed, shortened
from concierge.llm.purposes import Drafted, DraftPrompt
from concierge.notifications import notify
from concierge.outbox.model import Kind, NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn
from concierge.runtime import Runtime


async def write(runtime: Runtime, draft_id: UUID) -> None:
    """Write a draft that is wanted; nothing if it is not any more. Raises ModelError."""
    async with runtime.connection() as conn:
        material = await store.material(conn, draft_id)
    if material is None:
        return
    on = Behalf(tenant_id=material.tenant_id, conversation_id=material.conversation_id, models=dict(material.models))
    text = shortened((await runtime.ask(_prompt(material), Drafted, on=on)).value.text.strip(), LONGEST_DRAFT)
    now = runtime.clock()
    async with runtime.begin() as conn:
        written = await store.propose(conn, draft_id, tenant_id=material.tenant_id, text=text, now=now)
        if written is not None and material.wish is not None:
            await _show(conn, draft_id, material, text, now)


async def _show(conn: Conn, draft_id: UUID, material: Material, text: str, now: datetime) -> None:
    """Its person asked for it, and is asked about it."""
    message = _message(material, "clarification", proposed(material.title, text, material.spoken))
    id = await post(conn, message, key=f"draft:{draft_id}:proposed", now=now)
    if id is not None:
        await store.ask(conn, [draft_id], tenant_id=material.tenant_id, outbound_message_id=id)


def _message(material: Material, kind: Kind, text: str) -> NewMessage:
    return NewMessage(
        tenant_id=material.tenant_id,
        channel_account_id=material.channel_account_id,
        conversation_id=material.conversation_id,
        identity_id=material.identity_id,
        kind=kind,
        payload=Payload(text=text, subject=material.subject),
        correlation_id=material.correlation_id,
    )


async def at_once(runtime: Runtime, task_id: UUID, tenant_id: UUID) -> Draft | None:
    """The draft of a follow-up that is due: the one there is, else one is written now. Raises ModelError."""
    async with runtime.begin() as conn:
        if await store.hold_task(conn, task_id=task_id, tenant_id=tenant_id) is None:
            return None
        draft = await store.newest(conn, task_id=task_id, tenant_id=tenant_id)
        wanted = draft is None or draft.status in {"failed", "replaced", "declined"}
        id = draft.id if draft else None
        if wanted:
            id = await store.add(
                conn,
                task_id=task_id,
                tenant_id=tenant_id,
                status="writing",
                author="model",
                text="",
                tone=None,
                length=None,
                language=None,
                wish=None,
                now=runtime.clock(),
            )
    if id is not None and (wanted or (draft and draft.status == "writing")):
        await _or_fail(runtime, id)
    async with runtime.connection() as conn:
        written = await store.newest(conn, task_id=task_id, tenant_id=tenant_id)
    return written if written and written.text else None


async def _or_fail(runtime: Runtime, id: UUID) -> None:
    try:
        await write(runtime, id)
    except ModelError as error:
        async with runtime.connection() as conn:
            await store.fail(conn, id, reason=str(error), now=runtime.clock())
        raise


async def give_up(runtime: Runtime, job: Write, error: BaseException) -> None:
    """Nobody could write it: whoever wanted it is told, and may want it again."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        material = await store.material(conn, job.draft_id)
        if material is not None and await store.fail(conn, job.draft_id, reason=str(error), now=now):
            await notify(conn, material.tenant_id, "task", material.task_id, "no_draft", str(error), now=now)
            if material.wish is not None:
                sorry = phrases(material.spoken).no_draft.format(title=material.title)
                message = _message(material, "confirmation", sorry)
                await post(conn, message, key=f"draft:{job.draft_id}:failed", now=now)


def _prompt(material: Material) -> DraftPrompt:
    return DraftPrompt(
        title=material.title,
        source=material.source,
        tone=material.tone,
        channel=material.channel,
        length=material.length,
        language=material.language,
        spoken=material.spoken,
        before=material.before,
        wish=material.wish or None,
        private=(material.contact_name,) if material.contact_name else (),
        asker=str(material.contact_id),
    )
