"""Saying something by a template that a human chose: for when free text is not taken any more."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concierge.channels.model import Template
from concierge.consent.store import scope_of
from concierge.conversations import showing
from concierge.conversations.handover.moving import take_over
from concierge.errors import Conflicting, Invalid, Missing
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn
from concierge.templates import store as templates
from concierge.templates.choosing import LONGEST


async def answer_by_template(
    conn: Conn,
    id: UUID,
    template_id: UUID,
    blanks: Sequence[str],
    *,
    tenant_id: UUID,
    by: str,
    key: str,
    correlation_id: str,
    now: datetime,
) -> UUID | None:
    """Post a human's answer, made of an approved template and what fills its blanks, in their order.

    None where the same was said before. Raises Missing, Invalid, Conflicting for a conversation that is closed, and for
    marketing that the person does not want.
    """
    line = await showing.line(conn, id, tenant_id=tenant_id)
    if line is None:
        raise Missing("there is no such conversation")
    if line.status == "closed":
        raise Conflicting("the conversation is closed")
    chosen = await templates.approved(
        conn, template_id, channel_account_id=line.channel_account_id, tenant_id=tenant_id
    )
    if chosen is None:
        raise Invalid([("/template", "is no approved template of this account")])
    filled = [" ".join(each.split()) for each in blanks]
    _check(filled, chosen.parameters)
    if chosen.category == "marketing" and await scope_of(conn, line.identity_id, tenant_id=tenant_id):
        raise Conflicting("they do not want marketing, and this template is")
    if line.status != "human":
        await take_over(conn, id, tenant_id=tenant_id, by=by, now=now)
    message = NewMessage(
        tenant_id=tenant_id,
        channel_account_id=line.channel_account_id,
        conversation_id=id,
        identity_id=line.identity_id,
        kind="operator",
        # its words are the vendor's; what we know of them is what models and operators will read
        payload=Payload(f"{chosen.name}: {' · '.join(filled)}" if filled else chosen.name),
        template=Template(chosen.name, chosen.language, filled),
        correlation_id=correlation_id,
    )
    return await post(conn, message, key=key, now=now)


def _check(filled: Sequence[str], names: Sequence[str]) -> None:
    if len(filled) != len(names):
        raise Invalid([("/blanks", f"must be {len(names)}")])
    wrong = [(f"/blank {n}", "must not be empty") for n, text in enumerate(filled, 1) if not text]
    wrong += [
        (f"/blank {n}", f"must be at most {LONGEST} characters")
        for n, text in enumerate(filled, 1)
        if len(text) > LONGEST
    ]
    if wrong:
        raise Invalid(wrong)
