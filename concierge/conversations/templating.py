"""Saying something by a template that a human chose: for when free text is not taken any more."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concierge.channels.model import Template
from concierge.consent.store import scope_of
from concierge.conversations import showing
from concierge.conversations.handover.moving import take_over
from concierge.conversations.showing import Line
from concierge.errors import Conflicting, Invalid, Missing
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn
from concierge.templates import store as templates
from concierge.templates.choosing import LONGEST, Fitting


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
    template = await fill(conn, chosen, blanks, line, tenant_id=tenant_id, place="/blank ", first=1)
    if line.status != "human":
        await take_over(conn, id, tenant_id=tenant_id, by=by, now=now)
    message = NewMessage(
        tenant_id=tenant_id,
        channel_account_id=line.channel_account_id,
        conversation_id=id,
        identity_id=line.identity_id,
        kind="operator",
        payload=Payload(words_of(template), extra=template),
        correlation_id=correlation_id,
    )
    return await post(conn, message, key=key, now=now)


async def fill(
    conn: Conn, chosen: Fitting, blanks: Sequence[str], line: Line, *, tenant_id: UUID, place: str, first: int
) -> Template:
    """The template with its blanks filled, each on one line.

    Raises Invalid, whose pointers are `place` and the number of the blank, counted from `first`; Conflicting for
    marketing that the person does not want.
    """
    filled = [" ".join(each.split()) for each in blanks]
    if len(filled) != len(chosen.parameters):
        raise Invalid([(place.rstrip(" /"), f"must be {len(chosen.parameters)} texts, one for each blank")])
    wrong = [
        (f"{place}{n}", f"must be at most {LONGEST} characters" if text else "must not be empty")
        for n, text in enumerate(filled, first)
        if not 0 < len(text) <= LONGEST
    ]
    if wrong:
        raise Invalid(wrong)
    if chosen.category == "marketing" and await scope_of(conn, line.identity_id, tenant_id=tenant_id):
        raise Conflicting("they do not want marketing, and this template is")
    return Template(chosen.name, chosen.language, filled)


def words_of(template: Template) -> str:
    """Its words are the vendor's; what we know of them is what models and operators will read."""
    return ": ".join([template.name, *filter(None, [" · ".join(template.parameters)])])
