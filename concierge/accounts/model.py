"""A channel account as the API shows and takes it. Credentials go in, and never come out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from concierge.api.values import Name, Text

Channel = Literal["whatsapp", "instagram", "email", "webchat"]
Transport = Literal["sandbox", "whatsapp", "instagram", "ses", "smtp", "webchat"]
Relay = Literal["postmark", "mailgun", "sendgrid", "brevo", "resend"]
Word = Annotated[str, Meta(min_length=1, max_length=500)]
Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s?#]+$", max_length=300)]

TRANSPORTS: dict[Channel, tuple[Transport, ...]] = {
    "whatsapp": ("whatsapp", "sandbox"),
    "instagram": ("instagram", "sandbox"),
    "email": ("ses", "smtp", "sandbox"),
    "webchat": ("webchat",),
}
"""What may carry a channel's messages; the first is meant where nothing is said."""


class Manners(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How an account behaves towards its vendor. What is null is as the channel has it."""

    business_account_id: Word | None = None  # WhatsApp: whose templates it sends
    external_number: Word | None = None  # the number as people dial it
    from_name: Name | None = None  # email
    region: Annotated[str, Meta(pattern="^[a-z]{2}(-[a-z]+)+-[0-9]$")] | None = None  # SES
    configuration_set: Word | None = None  # SES
    relay: Relay | None = None  # SMTP: whose server it is in the end, where its name does not say
    human_agent: bool | None = None  # Instagram: Meta lets your people answer for a week, not a day
    origins: Annotated[list[Origin], Meta(max_length=50)] | None = None  # web chat: pages that may show it
    rate: Annotated[float, Meta(gt=0, le=1000)] | None = None  # messages a second
    burst: Annotated[int, Meta(ge=1, le=10_000)] | None = None  # at once, after a rest
    fallback: UUID | None = None  # the account that says what this one may not


class Keys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the account proves itself with. Encrypted at rest; no answer holds any of it."""

    webhook_secrets: Annotated[list[Word], Meta(max_length=5)] = field(default_factory=list)
    access_token: Annotated[str, Meta(min_length=1, max_length=4000)] | None = None
    smtp_url: Annotated[str, Meta(pattern="^smtps?://", max_length=500)] | None = None
    aws_access_key_id: Word | None = None
    aws_secret_access_key: Word | None = None

    def __repr__(self) -> str:
        return "Keys(…)"


class NewAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account that is wanted. `external_id`: Meta's id of the number or handle, the mailbox, the widget's name."""

    channel: Channel
    external_id: Annotated[str, Meta(pattern=r"^[^\s\x00-\x1f]{1,254}$", examples=["106540352242922"])]
    name: Name | None = None
    transport: Transport | None = None
    settings: Manners = field(default_factory=Manners)
    credentials: Keys = field(default_factory=Keys)


class AccountChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be otherwise. `settings` and `credentials` are replaced whole."""

    name: Name | UnsetType | None = UNSET
    settings: Manners | UnsetType = UNSET
    credentials: Keys | UnsetType = UNSET


class Account(Struct, frozen=True, kw_only=True):
    """A number, handle, mailbox or widget. `reason`: why it does not send; `has_credentials`: whether any are kept."""

    id: UUID
    channel: str
    external_id: str
    name: str | None
    transport: str
    status: Literal["active", "paused", "reauth_required", "removed"]
    reason: str | None
    signature: Literal["required", "off"]
    settings: Manners
    has_credentials: bool
    resume_at: datetime | None
    created_at: datetime
    moved_at: datetime


class Trial(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message to try an account out with. `to`: a phone number in E.164, or a mailbox."""

    to: Annotated[str, Meta(min_length=3, max_length=254, examples=["+4915112345678"])]
    text: Text = "This is a test message."


class Tried(Struct, frozen=True):
    """The message that is on its way; `/v1/outbound-messages/{id}` says what becomes of it."""

    outbound_message_id: UUID
    conversation_id: UUID
