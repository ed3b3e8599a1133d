"""Vendors whose SMTP servers mail may go out through, and who then say in webhooks what became of it.

Which of them an account uses, the name of its server says, or its setting `relay` (for one that stands behind a server
of the account's own).
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from concierge.channels.email import brevo_events, mailgun_events, postmark_events, resend_events, sendgrid_events
from concierge.channels.email.marks import Mark
from concierge.channels.model import ChannelAccount, OutboundMessage


class Relay(Struct, frozen=True):
    """One vendor: the domains of its servers, and what a mail must carry for its events to be understood."""

    domains: tuple[str, ...]
    headers: Callable[[Mark], Mapping[str, str]]


RELAYS = {
    "postmark": Relay(("postmarkapp.com",), postmark_events.headers),
    "mailgun": Relay(("mailgun.org",), mailgun_events.headers),
    "sendgrid": Relay(("sendgrid.net",), sendgrid_events.headers),
    "brevo": Relay(("brevo.com", "sendinblue.com"), brevo_events.headers),
    "resend": Relay(("resend.com",), resend_events.headers),
}


def relay_of(account: ChannelAccount) -> str | None:
    """The vendor that the account's mail goes out through; None for none of these."""
    named = account.settings.get("relay")
    if isinstance(named, str) and named in RELAYS:
        return named
    try:
        host = f".{urlsplit(account.credentials.smtp_url or '').hostname or ''}"
    except ValueError:
        return None
    return next((name for name, one in RELAYS.items() if host.endswith(tuple(f".{it}" for it in one.domains))), None)


def headers_for(message: OutboundMessage, account: ChannelAccount) -> Mapping[str, str]:
    """What the mail must carry for the account's vendor; nothing where there is none."""
    relay = relay_of(account)
    mark = Mark(mailbox=account.external_id, outbound_id=message.id, attempt=message.attempt)
    return RELAYS[relay].headers(mark) if relay else {}
