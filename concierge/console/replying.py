"""Saying something in a conversation: now, later, or by a template."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.api.bodies import convert
from concierge.console.filling import every, filled, moment
from concierge.console.model import Acting
from concierge.console.rendering import back
from concierge.conversations.sending import NewOutbound, Reply, SaidBefore, answer, send
from concierge.conversations.templating import answer_by_template
from concierge.errors import Invalid
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
    form, now = await filled(request), runtime.clock()
    text, at = convert({"text": form.get("text", "")}, Reply).text, form.get("send_at", "")
    facts: dict[str, Any] = {"tenant_id": acting.tenant_id, "correlation_id": correlation, "now": now}
    facts["key"] = _key(form, id, text, at)
    try:
        async with runtime.begin() as conn:
            if at:
                send_at = moment(at, acting.operator.zone, "send_at")
                wish = NewOutbound(text=text, conversation_id=id, send_at=send_at)
                made = await send(conn, wish, kind="operator", **facts)
            else:
                made = await answer(conn, id, Reply(text=text), by=acting.operator.name, **facts)
            await acting.note(conn, "schedule" if at else "reply", "outbound_message", made.id, now=now)
    except SaidBefore:
        pass  # the button was pressed twice
    return back(f"/inbox/{id}", said="scheduled" if at else "queued")


@post("/inbox/{id:uuid}/template")
async def reply_by_template(
    id: FromPath[UUID],
    request: AnyRequest,
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[None]:
    """A person says something the provider has approved, outside the window."""
    form, blanks, now = await filled(request), await every(request, "blank"), runtime.clock()
    try:
        template_id = UUID(form.get("template", ""))
    except ValueError:
        raise Invalid([("/template", "is not one of the templates")]) from None
    async with runtime.begin() as conn:
        made = await answer_by_template(
            conn,
            id,
            template_id,
            blanks,
            tenant_id=acting.tenant_id,
            by=acting.operator.name,
            key=_key(form, id, form["template"], *blanks),
            correlation_id=correlation,
            now=now,
        )
        if made is not None:
            await acting.note(conn, "reply by template", "outbound_message", made, now=now)
    return back(f"/inbox/{id}", said="queued")


@post("/inbox/{id:uuid}/cancel")
async def cancel_scheduled(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """What was to be said later is not said."""
    form, now = await filled(request), runtime.clock()
    try:
        message_id = UUID(form.get("message", ""))
    except ValueError:
        raise Invalid([("/message", "is not one of the messages")]) from None
    async with runtime.begin() as conn:
        reason = f"cancelled by {acting.operator.name}"
        await cancel(conn, message_id, tenant_id=acting.tenant_id, reason=reason, now=now)
        await acting.note(conn, "cancel", "outbound_message", message_id, now=now)
    return back(f"/inbox/{id}", said="cancelled")


def _key(form: dict[str, str], id: UUID, *said: str) -> str:
    """The same form sent twice says the same thing once; what was changed in between is something else."""
    digest = sha256("\0".join((str(id), form.get("once", ""), *said)).encode()).hexdigest()
    return f"console:{digest}"


HANDLERS = (reply, reply_by_template, cancel_scheduled)
