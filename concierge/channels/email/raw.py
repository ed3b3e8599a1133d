"""Reads mail as it came over the wire, for everybody who can post a file: mail servers, fetchers of mailboxes.

The body is the mail itself (`Content-Type: message/rfc822`), signed like the generic JSON with
`x-signature-256: sha256=<hex HMAC-SHA256 of the body>`. Whom it is for, the URL's `?to=` says, else Delivered-To,
X-Original-To, Envelope-To, To and Cc: a mail to a hidden list of people names nobody.
"""

from collections.abc import Sequence

from concierge.channels.email.door import MailDoor
from concierge.channels.email.generic import SIGNATURE
from concierge.channels.email.letters import happened
from concierge.channels.email.mime import letter
from concierge.channels.model import Event, Raw
from concierge.channels.signature import signed


class RawMail(MailDoor):
    """The reader of raw mail."""

    vendor = "raw"

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether `x-signature-256` was made with one of these secrets."""
        return signed(raw.body, raw.headers.get(SIGNATURE), secrets)

    def read(self, raw: Raw) -> list[Event]:
        """The one mail in the request. Raises Malformed where it names nobody it is for."""
        to = raw.query.get("to")
        return happened(letter(raw.body, to=[to] if to else ()), raw.received_at)
