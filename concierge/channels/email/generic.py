"""Reads email that any relay can post as plain JSON (the shape of seed S1).

    {"messageId"?, "from", "to": "…" | ["…"], "subject"?, "textBody"?, "htmlBody"?, "timestamp"?: ISO 8601 or unix
     seconds, "headers"?: {name: value | [value]}, "replyTo"?, "inReplyTo"?, "references"?: "…" | ["…"]}

`from` and `to` may be `Name <address>`; one of `textBody` and `htmlBody` is needed. The mail belongs to the account of
its first recipient. Signed with `x-signature-256: sha256=<hex HMAC-SHA256 of the body>`. Message-IDs lose their angle
brackets, here and in what transports report, so that both compare equal.
"""

from collections.abc import Mapping, Sequence

from msgspec.json import Decoder, encode

from concierge.channels.decoding import decoded, fingerprint
from concierge.channels.email import automated
from concierge.channels.email.addresses import mailbox
from concierge.channels.email.fields import Fields
from concierge.channels.email.plaintext import text_of
from concierge.channels.model import Address, Event, Inbound, Raw
from concierge.channels.signature import signed

SIGNATURE = "x-signature-256"
LONGEST_ID = 998  # a header line

_document = Decoder(dict[str, object])


class GenericEmail:
    """The reader of the generic email webhook."""

    name = "email"

    def challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:  # noqa: ARG002 - the interface
        """There is no verification request."""
        return None

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether `x-signature-256` was made with one of these secrets."""
        return signed(raw.body, raw.headers.get(SIGNATURE), secrets)

    def read(self, raw: Raw) -> list[Event]:
        """The one mail in the request. Raises Malformed, whose message names every field at fault."""
        document = decoded(_document, raw.body)
        fields = Fields(document)
        sender, recipients = fields.sender("from"), fields.recipients("to")
        text, html, subject = fields.text("textBody"), fields.text("htmlBody"), fields.text("subject")
        if text is None and html is None:
            fields.faults.setdefault("/textBody", "textBody or htmlBody is required")
        message_id, sent_at, headers = fields.text("messageId"), fields.instant("timestamp"), fields.headers("headers")
        in_reply_to, references = fields.text("inReplyTo"), fields.texts("references")
        reply_to = fields.text("replyTo")
        if fields.faults or sender is None:
            raise fields.malformed()
        own = recipients[0].address  # the only one of them known to be ours
        return [
            Inbound(
                account=own,
                provider_message_id=_id(message_id) or fingerprint(encode(document, order="deterministic")),
                sender=Address(kind="email", value=sender.address),
                sender_name=sender.name,
                text=text or (text_of(html) if html else ""),
                subject=subject,
                quotes=_id(in_reply_to or headers.get("in-reply-to")) or _last(references),
                sent_at=sent_at or raw.received_at,
                automated=automated.reason(headers, sender.address, own) or _looping(reply_to, own),
                raw=raw.body,
            )
        ]


def _id(text: str | None) -> str | None:
    bare = (text or "").strip().removeprefix("<").removesuffix(">")
    return bare if 0 < len(bare) <= LONGEST_ID else None


def _last(references: Sequence[str]) -> str | None:
    ids = " ".join(references).split()
    return _id(ids[-1]) if ids else None


def _looping(reply_to: str | None, own: str) -> str | None:
    """A reply would come straight back to us."""
    found = mailbox(reply_to) if reply_to else None
    return "own-address" if found and found.address == own else None
