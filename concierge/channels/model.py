"""What every channel speaks: events that come in, messages that go out, and the account between them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import Struct, field

from concierge.channels.enclosed import File


class Raw(Struct, frozen=True, kw_only=True):
    """A webhook request as it came: header names in lower case, the body's exact bytes."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    query: Mapping[str, str] = field(default_factory=dict)  # of the URL


class Address(Struct, frozen=True):
    """Where a person can be reached on a channel."""

    kind: Literal["email", "phone", "bsuid", "igsid", "webchat"]
    value: str  # email: lower case; phone: digits as the vendor gives them, without "+"


class Attachment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that came with a message, by reference; its bytes are fetched later, by a job."""

    kind: str  # "image", "audio", "voice", "video", "document", "sticker", "file", or the vendor's own word
    locator: str  # the vendor's media id, a URL, or where in `Inbound.raw` it stands; only its channel understands it
    mime_type: str | None = None
    filename: str | None = None
    size: int | None = None  # bytes, where the vendor says
    sha256: str | None = None  # hex, where the vendor says


class Inbound(Struct, frozen=True, kw_only=True):
    """One message that came in. `text` holds no NUL byte; `raw` is the vendor's own words for this message."""

    account: str  # external id of the channel account it was sent to
    provider_message_id: str
    sender: Address
    sender_name: str | None = None
    kind: str = "text"  # the vendor's message type
    text: str = ""
    subject: str | None = None
    quotes: str | None = None  # provider message id this one replies to
    sent_at: datetime
    automated: str | None = None  # why nobody should be answered: "auto-submitted", "own-address", …
    also: tuple[Address, ...] = ()  # other addresses of the same person, such as a BSUID beside a phone
    attachments: tuple[Attachment, ...] = ()
    whole: str | None = None  # email: the text with the quoted thread, where `text` is only the newest reply
    thread: tuple[str, ...] = ()  # email: Message-IDs of the thread, oldest first
    token: str | None = None  # email: what stood after the "+" of our address, as we gave it out in a Reply-To
    recipients: tuple[str, ...] = ()  # email: where more than `account` may be ours, all of them; see inbox.routing
    choice: str | None = None  # the id or payload of what was pressed or chosen, or a form's answers (JSON)
    context: str | None = None  # what `text` came with, readable: "forwarded", "from the ad …", "reply to your story"
    group: str | None = None  # the vendor's id of the group it was written in
    raw: bytes = b""


class Receipt(Struct, frozen=True, kw_only=True):
    """What a vendor reports about a message of ours, found by either of its ids."""

    account: str
    provider_message_id: str | None
    outbound_id: UUID | None  # from the callback data we sent along
    attempt: int | None = None  # so; None: it does not say
    status: Literal["sent", "delivered", "read", "played", "failed", "deleted", "warning"]
    at: datetime
    error_code: str | None = None
    error: str | None = None
    unreachable: bool = False  # failed because there is no such address: it is not to be written to again
    pricing: str | None = None  # what the vendor charges for it, in its own words (JSON)
    addresses: tuple[Address, ...] = ()  # whom it was for; without any id: everything up to `at` that they were sent


class OptOut(Struct, frozen=True, kw_only=True):
    """Somebody does not want to be written to, or does again."""

    account: str
    address: Address | UUID | str  # or a message of ours, by our id or its provider's: whoever that was sent to
    wants: Literal["stop", "resume"] = "stop"
    scope: Literal["all", "marketing"] = "all"
    reason: str
    at: datetime


class Renamed(Struct, frozen=True, kw_only=True):
    """A person goes by another address from now on."""

    account: str
    old: Address
    new: Address
    at: datetime


class Echo(Struct, frozen=True, kw_only=True):
    """A message the business itself sent, by us or by hand; `text` as of an Inbound."""

    account: str
    provider_message_id: str
    recipient: Address
    text: str
    at: datetime
    raw: bytes = b""


class Notice(Struct, frozen=True, kw_only=True):
    """What the vendor says about the account itself, and whatever else it says that has no word of its own here."""

    account: str  # external id of a channel account, or of what owns it, such as a WhatsApp business account
    kind: str  # the vendor's word; "unknown" for what we have never heard of
    text: str  # for a person to read; holds no message body
    raw: bytes
    at: datetime


class Subscription(Struct, frozen=True, kw_only=True):
    """A vendor asks whether its webhook may begin; `Fetching.completed` answers, and nothing of it is kept."""

    account: str  # whose secrets decide; empty: the application's
    url: str  # fetching it says yes


Event = Inbound | Receipt | OptOut | Renamed | Echo | Notice | Subscription


class Credentials(Struct, frozen=True, omit_defaults=True):
    """What an account proves itself with. Encrypted at rest; never logged."""

    webhook_secrets: list[str] = field(default_factory=list)  # several are valid during a rotation
    access_token: str | None = None  # WhatsApp; email: API key of Resend or Brevo
    smtp_url: str | None = None  # smtp[s]://user:password@host:port; `smtp` upgrades by STARTTLS where offered
    aws_access_key_id: str | None = None  # None: the machine's own AWS identity
    aws_secret_access_key: str | None = None

    def __repr__(self) -> str:
        return "Credentials(…)"


class ChannelAccount(Struct, frozen=True, kw_only=True):
    """A tenant's number, handle, mailbox or widget."""

    id: UUID
    tenant_id: UUID
    channel: str  # "email", "whatsapp": who reads its webhooks
    external_id: str  # phone_number_id, mailbox address in lower case
    transport: str  # "sandbox", "whatsapp", "ses", "smtp": who sends
    status: Literal["active", "paused", "reauth_required"] = "active"
    signature: Literal["required", "off"] = "required"
    settings: dict[str, Any] = field(default_factory=dict)  # base_url, region, configuration_set, …
    credentials: Credentials = field(default_factory=Credentials)


class Template(Struct, frozen=True, tag="template"):
    """A text the provider has approved, with its parameters."""

    name: str
    language: str  # such as "en" or "pt_BR"
    parameters: list[str] = field(default_factory=list)  # of the body, in order


class Choice(Struct, frozen=True):
    """Something to press: a button, a row of a list, a quick reply."""

    id: str
    title: str
    description: str | None = None


class Buttons(Struct, frozen=True, tag="buttons"):
    """A text with things to press under it."""

    choices: list[Choice]


class Menu(Struct, frozen=True, tag="menu"):
    """A text with a button that opens a list."""

    button: str
    choices: list[Choice]


class Media(Struct, frozen=True, tag="media"):
    """A file; the message's text is its caption."""

    kind: Literal["image", "audio", "video", "document", "sticker"]
    url: str
    filename: str | None = None


Extra = Template | Buttons | Menu | Media


class OutboundMessage(Struct, frozen=True, kw_only=True):
    """One message as a transport hands it over; everything in it was frozen when it was posted."""

    id: UUID
    attempt: int = 1  # which one this is; receipts that carry it can be told apart
    recipient: Address
    recipient_name: str | None = None
    text: str
    subject: str | None = None
    quotes: str | None = None  # provider message id to reply to
    references: list[str] = field(default_factory=list)  # email: Message-IDs of the thread, oldest first
    reply_token: str | None = None  # email: replies come to local+token@domain of the account; lower case
    unsubscribe_url: str | None = None  # email: https; a POST there unsubscribes, without any login
    files: list[File] = field(default_factory=list)  # email; the others say the text alone
    extra: Extra | None = None  # what makes it more than a text; a transport that cannot send it refuses
    by_human_agent: bool = False  # Instagram: a person's own words, after the window for everything else
    created_at: datetime


class Accepted(Struct, frozen=True, kw_only=True):
    """The provider took the message."""

    provider_message_id: str | None
    response: str | None = None  # what it answered, at most 2,000 characters


class Channel(Protocol):
    """Turns one vendor's webhooks into events. Everything here is pure."""

    name: str

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        """Answer the vendor's verification request; None where it has none. Raises Forged."""

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether the request was signed with one of these secrets (compared in constant time)."""

    def read(self, raw: Raw) -> list[Event]:
        """The events in the request, every one of a batch, in its order. Raises Malformed."""


class Transport(Protocol):
    """Hands one message to one vendor, once."""

    name: str
    receipts: bool  # whether the vendor reports afterwards what became of a message

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """One provider call. Raises NotAccepted (retry is safe), Refused (final), Unknown, AccountStopped."""

    async def close(self) -> None:
        """Let go of connections."""
