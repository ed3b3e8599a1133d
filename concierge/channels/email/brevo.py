"""Reads Brevo's webhooks: JSON with a list of mails, whose attachments stay at Brevo until they are fetched; events.

Source: Brevo, “Inbound parsing webhooks” (the payload; the URL carries `user:password`) and “Get inbound attachment”.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Raw as Json
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import decoded
from concierge.channels.email import brevo_events
from concierge.channels.email.addresses import written
from concierge.channels.email.batches import each
from concierge.channels.email.door import MailDoor, basic
from concierge.channels.email.fetching import Fetcher
from concierge.channels.email.letters import Letter, date_of, happened
from concierge.channels.email.mime import kind_of
from concierge.channels.email.returned import reported
from concierge.channels.email.words import decoded as unfolded
from concierge.channels.model import Attachment, ChannelAccount, Event, Raw
from concierge.errors import Malformed

PREFIX = "brevo:"
BASE_URL = "https://api.brevo.com/v3"


class _Box(Struct, rename="pascal"):
    address: str | None = None
    name: str | None = None


class _Attachment(Struct, rename="pascal"):
    download_token: str
    name: str | None = None
    content_type: str | None = None
    content_length: int | None = None


class _Mail(Struct, rename="pascal"):
    uuid: list[str] | str | None = None
    message_id: str | None = None
    in_reply_to: str | None = None
    from_: _Box | None = field(default=None, name="From")
    to: list[_Box] | None = None
    cc: list[_Box] | None = None
    recipients: list[str] | None = None  # of the envelope
    reply_to: _Box | None = None
    sent_at_date: str | None = None
    subject: str | None = None
    headers: dict[str, str | list[str]] | None = None
    raw_html_body: str | None = None
    raw_text_body: str | None = None
    attachments: list[_Attachment] | None = None


class _Webhook(Struct):
    items: list[Json] | None = None
    event: Any = None


_webhook = Decoder(_Webhook)
_mail = Decoder(_Mail)


class Brevo(MailDoor):
    """The reader of Brevo's webhook."""

    vendor = "brevo"

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Brevo signs nothing: the webhook's URL carries `user:password`."""
        return basic(raw, secrets)

    def read(self, raw: Raw) -> list[Event]:
        """Every mail that can be read, or what became of ours (`brevo_events`). Raises Malformed."""
        if raw.body.lstrip().startswith(b"["):
            return brevo_events.events_in(raw)
        webhook = decoded(_webhook, raw.body)
        if webhook.event is not None:
            return brevo_events.events_in(raw)
        if webhook.items is None:
            raise Malformed("The field /items is missing.", pointer="/items")
        return each(webhook.items, lambda item, pointer: _mails(item, pointer, raw), "/items")


async def fetched(locator: str, account: ChannelAccount) -> bytes:
    """The bytes of the attachment that `brevo:<token>` names; the account's `access_token` is the API key.

    Its setting `brevo_base_url` may name another API. Raises NotStored where Brevo does not give them.
    """
    token = quote(locator.removeprefix(PREFIX), safe="")
    base = str(account.settings.get("brevo_base_url") or BASE_URL).rstrip("/")
    fetcher = Fetcher()
    try:
        key = {"api-key": account.credentials.access_token or ""}
        return await fetcher.get(f"{base}/inbound/attachments/{token}", headers=key)
    finally:
        await fetcher.close()


def _mails(item: Json, pointer: str, raw: Raw) -> list[Event]:
    return happened(_letter(decoded(_mail, item, pointer), bytes(item)), raw.received_at)


def _letter(mail: _Mail, raw: bytes) -> Letter:
    headers = [(name, unfolded(value)) for name, value in _headers(mail) if value]
    return Letter(
        headers=headers,
        text=mail.raw_text_body,
        html=mail.raw_html_body,
        attachments=tuple(_referenced(one) for one in mail.attachments or ()),
        to=mail.recipients or (),
        fallback_id=mail.message_id or (mail.uuid if isinstance(mail.uuid, str) else next(iter(mail.uuid or ()), None)),
        sent_at=_instant(mail.sent_at_date),
        reports=reported(headers, mail.raw_text_body),  # what was attached is still at Brevo
        raw=raw,
    )


def _headers(mail: _Mail) -> Iterator[tuple[str, str | None]]:
    named: list[tuple[str, Sequence[_Box]]] = [("to", mail.to or ()), ("cc", mail.cc or ())]
    yield from ((name, written(one.address or "", one.name)) for name, boxes in named for one in boxes)
    yield "from", written(mail.from_.address or "", mail.from_.name) if mail.from_ else None
    yield "reply-to", written(mail.reply_to.address or "", mail.reply_to.name) if mail.reply_to else None
    yield "subject", mail.subject
    yield "message-id", mail.message_id
    yield "in-reply-to", mail.in_reply_to
    for name, value in (mail.headers or {}).items():
        for one in [value] if isinstance(value, str) else value:
            yield name.lower(), one


def _instant(text: str | None) -> datetime | None:
    return date_of(text) if text else None


def _referenced(one: _Attachment) -> Attachment:
    mime_type = (one.content_type or "application/octet-stream").partition(";")[0].strip().lower()
    return Attachment(
        kind=kind_of(mime_type),
        locator=f"{PREFIX}{one.download_token}",
        mime_type=mime_type,
        filename=unfolded(one.name or "") or None,
        size=one.content_length,
    )
