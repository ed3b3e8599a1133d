"""Reads email that any relay can post as plain JSON (the shape of the README's examples).

    {"messageId"?, "from", "to": "…" | ["…"], "subject"?, "textBody"?, "htmlBody"?, "timestamp"?: ISO 8601 or unix
     seconds, "headers"?: {name: value | [value]}, "replyTo"?, "inReplyTo"?, "references"?: "…" | ["…"]}

`from` and `to` may be `Name <address>`; one of `textBody` and `htmlBody` is needed. It belongs to the first of its
recipients that is an account. Signed with `x-signature-256: sha256=<hex HMAC-SHA256 of the body>`. Message-IDs lose
their angle brackets, here and in what transports report, so that both compare equal.
"""

from collections.abc import Sequence

from msgspec.json import Decoder, encode

from concierge.channels.decoding import decoded, fingerprint
from concierge.channels.email.addresses import written
from concierge.channels.email.door import MailDoor
from concierge.channels.email.fields import Fields
from concierge.channels.email.letters import Letter, inbounds
from concierge.channels.email.message_ids import bare_id
from concierge.channels.model import Event, Raw
from concierge.channels.signature import signed

SIGNATURE = "x-signature-256"

_document = Decoder(dict[str, object])


class GenericEmail(MailDoor):
    """The reader of the generic email webhook."""

    vendor = "json"

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
        told = [
            ("from", written(sender.address, sender.name)),
            *(("to", one.address) for one in recipients),
            ("reply-to", reply_to),
            ("subject", subject),
            ("in-reply-to", in_reply_to),
            ("references", " ".join(references)),
        ]
        letter = Letter(
            headers=[(name, value) for name, value in told if value] + [*headers.items()],
            text=text,
            html=html,
            to=[recipients[0].address],
            message_id=bare_id(message_id),
            fallback_id=fingerprint(encode(document, order="deterministic")),
            sent_at=sent_at,
            raw=raw.body,
        )
        return [*inbounds(letter, raw.received_at)]
