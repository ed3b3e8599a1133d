"""Amazon SNS: an HTTPS host on loopback with its certificate, topics that sign what they deliver, subscriptions.

async with SnsHost().serving() as sns:
    SesWebhook(Sns(sns.hosts, sns.tls))                    # production pins amazonaws.com instead
    headers, body = sns.signed(notification)               # signed, version 1 or 2
    sns.confirmed                                          # the queries of the SubscribeURLs that were fetched
"""

import asyncio
import json
import re
import ssl
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

TOPIC = "arn:aws:sns:eu-west-1:123456789012:concierge-mail"
ORDER = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
VALID = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


class SnsHost:
    """One region. `answering` False: every request is answered 503."""

    def __init__(self, validity: tuple[datetime, datetime] = VALID) -> None:
        self._key = _key()
        self.certificate = _certificate(self._key, validity)
        self._served = self.certificate if validity == VALID else _certificate(self._key, VALID)
        self.answering = True
        self.requests: list[str] = []
        self.confirmed: list[str] = []
        self.host = ""

    @property
    def hosts(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.host))

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts this host and no other."""
        context = ssl.create_default_context(cadata=self._served.public_bytes(Encoding.PEM).decode())
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        return context

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        server = await asyncio.start_server(self._conversation, "127.0.0.1", 0, ssl=self._context())
        self.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.01)  # closed TLS transports let go of their sockets

    def signed(
        self, envelope: dict[str, Any], *, version: str = "1", **changes: object
    ) -> tuple[dict[str, str], bytes]:
        """The envelope as this host would deliver it; `changes` are made after signing."""
        envelope = {
            **envelope,
            "SignatureVersion": version,
            "SigningCertURL": f"https://{self.host}/SimpleNotificationService-0123456789abcdef.pem",
        }
        if "SubscribeURL" in envelope:
            envelope["SubscribeURL"] = f"https://{self.host}/?Action=ConfirmSubscription&Token={envelope['Token']}"
        names = [name for name in ORDER if name in envelope]
        told = "".join(f"{name}\n{envelope[name]}\n" for name in names).encode()
        signature = self._key.sign(told, PKCS1v15(), SHA1() if version == "1" else SHA256())
        envelope["Signature"] = b64encode(signature).decode()
        headers = {"x-amz-sns-message-type": envelope["Type"], "content-type": "text/plain; charset=UTF-8"}
        return headers, json.dumps(envelope | changes).encode()

    async def _conversation(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        self.requests.append(path)
        body = b""
        if self.answering and path.endswith(".pem"):
            body = self.certificate.public_bytes(Encoding.PEM)
        elif self.answering and path.startswith("/?Action=ConfirmSubscription"):
            self.confirmed.append(path)
            body = b"<ConfirmSubscriptionResponse/>"
        status = b"200 OK" if body else b"503 Busy"
        writer.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (status, len(body), body))
        await writer.drain()
        writer.close()

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "host.pem"
            key = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            file.write_bytes(key + self._served.public_bytes(Encoding.PEM))
            context.load_cert_chain(file)
        return context


def notification(message: object, **more: object) -> dict[str, Any]:
    """The envelope of a notification, before it is signed."""
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2025-06-02T07:14:02.000Z",
        **more,
    }


@cache
def _key() -> rsa.RSAPrivateKey:
    """Every host's: to find one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(key: rsa.RSAPrivateKey, validity: tuple[datetime, datetime]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.simulated")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(validity[0])
        .not_valid_after(validity[1] + timedelta(0))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
