"""Saying what a human, or a system of the tenant, wants said: through the outbox, as everything."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from concierge.api.values import Moment, Text
from concierge.channels.model import Buttons, Extra, Media, Menu
from concierge.conversations import showing
from concierge.conversations.handover.moving import take_over
from concierge.conversations.opening import open_with
from concierge.conversations.templating import fill, words_of
from concierge.errors import Conflicting, Invalid, Missing
from concierge.outbox import showing as outbox
from concierge.outbox.model import Kind, NewMessage, Payload
from concierge.outbox.posting import post
from concierge.outbox.scheduling import too_long
from concierge.outbox.showing import Outbound
from concierge.postgres.query import Conn
from concierge.templates import store as templates
from concierge.tenants.store import find_account


class SaidBefore(Conflicting):
    """the same was said before"""


class Reply(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a human answers. `reply_to`: the message it answers, by its id."""

    text: Text
    subject: Annotated[str, Meta(max_length=500)] | None = None
    reply_to: UUID | None = None


class ByTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An approved template of the account, as its provider calls it, and what fills its blanks, in their order."""

    name: Annotated[str, Meta(min_length=1, max_length=512, examples=["order_ready"])]
    language: Annotated[str, Meta(min_length=2, max_length=20, examples=["en", "pt_BR"])]
    blanks: Annotated[list[str], Meta(max_length=50, examples=[["Alice", "4711"]])] = []


class NewOutbound(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that is wanted: in a conversation, or to an address (`to`) by an account.

    `to` is a phone number in E.164 for WhatsApp, or a mailbox for email. `send_at`: said then, as one message.
    `expires_at`: not sent from then on. `template`: in place of `text`, also where free text is not taken.
    """

    text: Text | None = None
    template: ByTemplate | None = None
    conversation_id: UUID | None = None
    channel_account_id: UUID | None = None
    to: Annotated[str, Meta(min_length=3, max_length=254, examples=["+4915112345678"])] | None = None
    subject: Annotated[str, Meta(max_length=500)] | None = None
    reply_to: UUID | None = None
    send_at: Moment | None = None
    expires_at: Moment | None = None
    extra: Buttons | Menu | Media | None = None  # WhatsApp: buttons, a menu, a file by URL; Instagram: quick replies


async def answer(
    conn: Conn,
    id: UUID,
    reply: Reply,
    *,
    tenant_id: UUID,
    by: str,
    correlation_id: str,
    now: datetime,
    key: str | None = None,
) -> Outbound:
    """Post a human's answer in a conversation, which the human leads from then on.

    `key`: of this answer; without one it is always a new one. Raises Missing, Conflicting for one that is closed,
    SaidBefore, Invalid.
    """
    wish = NewOutbound(
        text=reply.text, conversation_id=id, subject=reply.subject, reply_to=reply.reply_to, expires_at=None
    )
    line = await showing.line(conn, id, tenant_id=tenant_id)
    if line is None:
        raise Missing("there is no such conversation")
    if line.status in ("bot", "handoff_requested"):
        await take_over(conn, id, tenant_id=tenant_id, by=by, now=now)
    return await send(conn, wish, kind="operator", tenant_id=tenant_id, correlation_id=correlation_id, now=now, key=key)


async def send(
    conn: Conn,
    wish: NewOutbound,
    *,
    kind: Kind,
    tenant_id: UUID,
    correlation_id: str,
    now: datetime,
    key: str | None = None,
) -> Outbound:
    """Post a message, once under its `key` if it has one.

    Raises Invalid naming what does not fit, Conflicting for a conversation that is closed, SaidBefore.
    """
    conversation_id, line = await _place(conn, wish, tenant_id=tenant_id, now=now)
    if line.status == "closed":
        raise Conflicting("the conversation is closed")
    text, extra = await _words(conn, wish, line, tenant_id=tenant_id)
    if wish.send_at is not None:
        _check_time(wish, text, line.channel, now)
    quotes = None
    if wish.reply_to is not None:
        quotes = await showing.quotable(conn, wish.reply_to, conversation_id=conversation_id, tenant_id=tenant_id)
        if quotes is None:
            raise Invalid([("/reply_to", "is no message of this conversation")])
    message = NewMessage(
        tenant_id=tenant_id,
        channel_account_id=line.channel_account_id,
        conversation_id=conversation_id,
        identity_id=line.identity_id,
        kind=kind,
        payload=Payload(text, subject=wish.subject, quotes=quotes, extra=extra),
        correlation_id=correlation_id,
        send_at=wish.send_at,
        expires_at=wish.expires_at,
    )
    id = await post(conn, message, key=key or f"api:{uuid4()}", now=now)
    shown = await outbox.find(conn, id, tenant_id=tenant_id) if id else None
    if shown is None:
        raise SaidBefore
    return shown


async def _words(conn: Conn, wish: NewOutbound, line: showing.Line, *, tenant_id: UUID) -> tuple[str, Extra | None]:
    """What is said: the text, or a template. Raises Invalid, Conflicting."""
    if wish.template is None:
        if wish.text is None:
            raise Invalid([("/text", "is missing; or give template")])
        return wish.text, wish.extra
    if beside := [name for name in ("text", "subject", "extra") if getattr(wish, name) is not None]:
        raise Invalid([(f"/{name}", "is the template's to say") for name in beside])
    chosen = await templates.named(
        conn,
        name=wish.template.name,
        language=wish.template.language,
        channel_account_id=line.channel_account_id,
        tenant_id=tenant_id,
    )
    if chosen is None:
        raise Invalid([("/template", "is no approved template of this account")])
    blanks = wish.template.blanks
    template = await fill(conn, chosen, blanks, line, tenant_id=tenant_id, place="/template/blanks/", first=0)
    return words_of(template), template


def _check_time(wish: NewOutbound, text: str, channel: str, now: datetime) -> None:
    wrong = []
    if wish.send_at is not None and wish.send_at <= now:
        wrong.append(("/send_at", "must be in the future"))
    if wish.template is None and (long := too_long(channel, text)) is not None:
        wrong.append(("/text", long))
    if wish.send_at is not None and wish.expires_at is not None and wish.expires_at <= wish.send_at:
        wrong.append(("/expires_at", "must be after send_at"))
    if wrong:
        raise Invalid(wrong)


async def _place(conn: Conn, wish: NewOutbound, *, tenant_id: UUID, now: datetime) -> tuple[UUID, showing.Line]:
    if wish.conversation_id is not None:
        if wish.to is not None or wish.channel_account_id is not None:
            raise Invalid([("/conversation_id", "names the place already: leave out to and channel_account_id")])
        conversation_id = wish.conversation_id
    elif wish.to is None and wish.channel_account_id is None:
        raise Invalid([("/conversation_id", "is missing; or give to and channel_account_id")])
    elif wish.to is None or wish.channel_account_id is None:
        raise Invalid([("/to" if wish.to is None else "/channel_account_id", "is missing")])
    else:
        conversation_id = await _opened(conn, wish.channel_account_id, wish.to, tenant_id=tenant_id, now=now)
    line = await showing.line(conn, conversation_id, tenant_id=tenant_id)
    if line is None:
        raise Invalid([("/conversation_id", "is no conversation of this tenant")])
    return conversation_id, line


async def _opened(conn: Conn, account_id: UUID, to: str, *, tenant_id: UUID, now: datetime) -> UUID:
    account = await find_live(conn, account_id, tenant_id=tenant_id)
    place = await open_with(
        conn, tenant_id=tenant_id, account_id=account_id, channel=account, to=to, pointer="/to", now=now
    )
    return place.conversation_id


async def find_live(conn: Conn, account_id: UUID, *, tenant_id: UUID) -> str:
    """The channel of an account that is not removed. Raises Invalid."""
    try:
        account = await find_account(conn, account_id, tenant_id=tenant_id)
    except LookupError:
        account = None
    if account is None or account.status == "removed":
        raise Invalid([("/channel_account_id", "is no channel account of this tenant")])
    return account.channel
