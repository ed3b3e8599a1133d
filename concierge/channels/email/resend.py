"""Reads Resend's webhooks: `email.received` names a mail, and the mail itself is fetched before it is kept; events.

Source: Resend, “Email received” (the event), “Retrieve received email” (`raw.download_url`: the mail as it came, from a
signed URL), “Verify webhooks requests” (Svix). The account's `access_token` is the API key; its setting
`resend_base_url` may name another API.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.abilities import Fetching
from concierge.channels.decoding import decoded
from concierge.channels.email import resend_events, svix
from concierge.channels.email.door import MailDoor
from concierge.channels.email.fetching import Fetcher
from concierge.channels.email.letters import Letter, completed, inbounds
from concierge.channels.email.mime import letter
from concierge.channels.email.words import decoded as unfolded
from concierge.channels.model import ChannelAccount, Event, Inbound, Raw
from concierge.errors import Malformed, NotStored

BASE_URL = "https://api.resend.com"
POINTER = "pointer"  # the kind of a message whose mail is still at Resend


class _Type(Struct):
    type: str


class _Mail(Struct):
    email_id: str
    from_: str | None = field(default=None, name="from")
    to: list[str] | None = None
    cc: list[str] | None = None
    bcc: list[str] | None = None
    subject: str | None = None
    message_id: str | None = None
    created_at: datetime | None = None


class _Received(Struct):
    data: _Mail


class _Source(Struct):
    download_url: str


class _Fetched(Struct):
    raw: _Source | None = None
    text: str | None = None
    html: str | None = None
    headers: dict[str, str | list[str]] | None = None


_type = Decoder(_Type)
_received = Decoder(_Received)
_fetched = Decoder(_Fetched)


class Resend(MailDoor, Fetching):
    """The reader of Resend's webhook."""

    vendor = "resend"

    def __init__(self) -> None:
        self._fetcher = Fetcher()

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether one of the `whsec_` secrets signed the request."""
        return svix.signed(raw, secrets)

    def read(self, raw: Raw) -> list[Event]:
        """What the webhook says about the mail, or about one of ours (`resend_events`). Raises Malformed."""
        if decoded(_type, raw.body).type != "email.received":
            return resend_events.events_in(raw)
        mail = decoded(_received, raw.body).data
        named = [("from", mail.from_), ("subject", mail.subject), ("message-id", mail.message_id)]
        named += [
            (name, one) for name, all in (("to", mail.to), ("cc", mail.cc), ("bcc", mail.bcc)) for one in all or ()
        ]
        pointer = Letter(
            headers=[(name, unfolded(value)) for name, value in named if value],
            fallback_id=f"resend-{mail.email_id}",
            raw=raw.body,
        )
        return [msgspec.structs.replace(one, kind=POINTER) for one in inbounds(pointer, raw.received_at)]

    async def prepare(self, raw: Raw, secrets: Sequence[str]) -> None:
        """The signature needs nobody."""

    async def completed(self, events: Sequence[Event], accounts: Mapping[str, ChannelAccount]) -> list[Event]:
        """The mails themselves. What is for no account stays a pointer. Raises NotStored."""
        done: list[Event] = []
        for event in events:
            if isinstance(event, Inbound) and event.kind == POINTER and event.account in accounts:
                done.extend(await self._completed(event, accounts[event.account]))
            else:
                done.append(event)
        return done

    async def close(self) -> None:
        """Let go of connections."""
        await self._fetcher.close()

    async def _completed(self, pointer: Inbound, account: ChannelAccount) -> list[Event]:
        id = _received.decode(pointer.raw).data.email_id
        base = str(account.settings.get("resend_base_url") or BASE_URL).rstrip("/")
        key = {"authorization": f"Bearer {account.credentials.access_token or ''}"}
        answer = await self._fetcher.get(f"{base}/emails/receiving/{quote(id, safe='')}", headers=key)
        try:
            found = decoded(_fetched, answer)
        except Malformed:
            raise NotStored from None
        if found.raw and _is_safe(found.raw.download_url, base):
            mail = letter(await self._fetcher.get(found.raw.download_url), to=[pointer.account])
        else:
            mail = _parsed(found, pointer, answer)
        return completed(pointer, mail)


def _is_safe(url: str, base: str) -> bool:
    """Whether the mail would come over TLS, or from where the API is."""
    return url.startswith("https://") or urlsplit(url).netloc == urlsplit(base).netloc


def _parsed(found: _Fetched, pointer: Inbound, raw: bytes) -> Letter:
    """The mail from the fields Resend parsed, where it gives no raw one."""
    pairs = (found.headers or {}).items()
    headers = [(name.lower(), each) for name, value in pairs for each in ([value] if isinstance(value, str) else value)]
    known = [("from", pointer.sender.value), ("subject", pointer.subject or "")]
    return Letter(
        headers=[(name, unfolded(value)) for name, value in headers + known if value],
        text=found.text,
        html=found.html,
        to=[pointer.account],
        raw=raw,
    )
