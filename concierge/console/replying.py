"""Saying something in a conversation: now, later, or by a template."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.console.entered import Entered, entered
from concierge.console.model import Acting
from concierge.console.rendering import back
from concierge.conversations import showing
from concierge.conversations.sending import NewOutbound, Reply, SaidBefore, answer, send
from concierge.conversations.templating import answer_by_template
from concierge.outbox.scheduling import cancel
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]


@post("/inbox/{id:uuid}/reply")
async def reply(
    id: FromPath[UUID],
    request: AnyRequest,
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[None]:
    """A person answers, and leads from then on; with a time, it is said then, whoever leads until then."""
    form, now = await entered(request, acting.operator.zone), runtime.clock()
    said = form.given(Reply, text=form.word("text"), reply_to=form.word("reply_to"))
    send_at = form.moment("send_at")
    facts: dict[str, Any] = {"tenant_id": acting.tenant_id, "correlation_id": correlation, "now": now}
    facts["key"] = _key(form, id, said.text, str(said.reply_to), str(send_at))
    try:
        async with runtime.begin() as conn:
            if said.reply_to and (answered := await showing.one(conn, said.reply_to, tenant_id=acting.tenant_id)):
                said = msgspec.structs.replace(said, subject=answered.subject)
            if send_at:
                wish = NewOutbound(**msgspec.structs.asdict(said), conversation_id=id, send_at=send_at)
                made = await send(conn, wish, kind="operator", **facts)
            else:
                made = await answer(conn, id, said, by=acting.actor, **facts)
            await acting.note(conn, "schedule" if send_at else "reply", "outbound_message", made.id, now=now)
    except SaidBefore:
        pass  # the button was pressed twice
    return back(f"/inbox/{id}", said="scheduled" if send_at else "queued")


@post("/inbox/{id:uuid}/templates/{template_id:uuid}")
async def reply_by_template(
    id: FromPath[UUID],
    template_id: FromPath[UUID],
    request: AnyRequest,
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[None]:
    """A person says something the provider has approved, outside the window."""
    form, now = await entered(request), runtime.clock()
    blanks = form.words("blank")
    async with runtime.begin() as conn:
        made = await answer_by_template(
            conn,
            id,
            template_id,
            blanks,
            tenant_id=acting.tenant_id,
            by=acting.actor,
            key=_key(form, id, str(template_id), *blanks),
            correlation_id=correlation,
            now=now,
        )
        if made is not None:
            await acting.note(conn, "reply by template", "outbound_message", made, now=now)
    return back(f"/inbox/{id}", said="queued")


@post("/inbox/{id:uuid}/messages/{message_id:uuid}/cancel")
async def cancel_scheduled(
    id: FromPath[UUID],
    message_id: FromPath[UUID],
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
) -> Response[None]:
    """What was to be said later is not said."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        reason = f"cancelled by {acting.actor}"
        await cancel(conn, message_id, tenant_id=acting.tenant_id, reason=reason, now=now)
        await acting.note(conn, "cancel", "outbound_message", message_id, now=now)
    return back(f"/inbox/{id}", said="cancelled")


def _key(form: Entered, id: UUID, *said: str) -> str:
    """The same form sent twice says the same thing once; what was changed in between is something else."""
    digest = sha256("\0".join((str(id), form.word("once") or "", *said)).encode()).hexdigest()
    return f"console:{digest}"


HANDLERS = (reply, reply_by_template, cancel_scheduled)
