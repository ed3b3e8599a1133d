"""Letting a model write a draft. Nothing is open meanwhile; of two runs the first that comes back counts."""

from uuid import UUID

from concierge.asking.model import Behalf
from concierge.errors import ModelError
from concierge.followups.drafting import store
from concierge.followups.drafting.model import Draft, Material, Write
from concierge.followups.wording import LONGEST_DRAFT, shortened
from concierge.llm.purposes import Drafted, DraftPrompt
from concierge.notifications import notify
from concierge.runtime import Runtime


async def write(runtime: Runtime, draft_id: UUID) -> None:
    """Write a draft that is wanted; nothing if it is not any more. Raises ModelError."""
    async with runtime.connection() as conn:
        material = await store.material(conn, draft_id)
    if material is None:
        return
    on = Behalf(tenant_id=material.tenant_id, conversation_id=material.conversation_id, models=dict(material.models))
    text = (await runtime.ask(_prompt(material), Drafted, on=on)).value.text
    async with runtime.connection() as conn:
        await store.propose(
            conn,
            draft_id,
            tenant_id=material.tenant_id,
            text=shortened(text.strip(), LONGEST_DRAFT),
            now=runtime.clock(),
        )


async def at_once(runtime: Runtime, task_id: UUID, tenant_id: UUID) -> Draft | None:
    """The draft of a follow-up that is due: the one there is, else one is written now. Raises ModelError."""
    async with runtime.begin() as conn:
        if await store.hold_task(conn, task_id=task_id, tenant_id=tenant_id) is None:
            return None
        draft = await store.newest(conn, task_id=task_id, tenant_id=tenant_id)
        wanted = draft is None or draft.status in {"failed", "replaced"}
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


def _prompt(material: Material) -> DraftPrompt:
    return DraftPrompt(
        title=material.title,
        source=material.source,
        tone=material.tone,
        channel=material.channel,
        length=material.length,
        language=material.language,
        private=(material.contact_name,) if material.contact_name else (),
        asker=str(material.contact_id),
    )
