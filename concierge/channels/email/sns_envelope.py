"""The envelope of what Amazon SNS delivers by HTTPS, and the text that AWS signs of it.

Source: AWS, Amazon SNS developer guide, “Parsing Amazon SNS message formats” and “Verifying the signatures of Amazon
SNS messages”.
"""

from typing import Literal

from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import decoded

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


class Envelope(Struct, frozen=True, rename="pascal"):
    """What SNS posts."""

    type: Literal["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]
    message_id: str
    topic_arn: str
    message: str
    timestamp: str
    subject: str | None = None
    token: str | None = None
    subscribe_url: str | None = field(default=None, name="SubscribeURL")
    signature: str = ""
    signature_version: str = ""
    signing_cert_url: str = field(default="", name="SigningCertURL")

    def told(self) -> bytes:
        """What AWS signs: names and values, a line each."""
        values = {
            "Message": self.message,
            "MessageId": self.message_id,
            "Subject": self.subject,
            "SubscribeURL": self.subscribe_url,
            "Timestamp": self.timestamp,
            "Token": self.token,
            "TopicArn": self.topic_arn,
            "Type": self.type,
        }
        lines = ((name, values[name]) for name in _SIGNED[self.type])
        return "".join(f"{name}\n{value}\n" for name, value in lines if value is not None).encode()


_envelope = Decoder(Envelope)


def opened(body: bytes) -> Envelope:
    """The envelope. Raises Malformed, also for what SNS delivers raw: that is not signed."""
    return decoded(_envelope, body)
