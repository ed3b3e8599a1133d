"""Whether Amazon SNS sent a request.

Source: AWS, Amazon SNS developer guide, “Verifying the signatures of Amazon SNS messages”: the certificate comes over
HTTPS from SNS's own hosts and no other; signature version 1 is SHA-1 (what a topic does by itself), 2 is SHA-256. AWS
signs for every customer, so a valid signature proves a topic, not an account: the topic must be one the account trusts.
"""

import re
import ssl
from base64 import b64decode
from binascii import Error
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from concierge.channels.email.fetching import Fetcher
from concierge.channels.email.sns_envelope import Envelope, opened
from concierge.channels.model import Raw
from concierge.errors import Malformed, NotStored

HOSTS = re.compile(r"sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?")
CERTIFICATE = re.compile(r"/[\w-]+\.pem")
LARGEST_CERTIFICATE, LARGEST_ANSWER = 64_000, 64_000  # bytes
MOST_CERTIFICATES = 20
AGAIN = timedelta(seconds=10)  # before a certificate that did not come is asked for again

Hash = SHA1 | SHA256
_HASHES: dict[str, type[SHA1] | type[SHA256]] = {"1": SHA1, "2": SHA256}


class Sns:
    """Knows the certificates AWS signs with. `hosts` are those it may fetch from; `tls` is how it connects."""

    def __init__(self, hosts: re.Pattern[str] = HOSTS, tls: ssl.SSLContext | None = None) -> None:
        self._hosts = hosts
        self._fetcher = Fetcher(tls)
        self._certificates: dict[str, Certificate] = {}
        self._failed: dict[str, datetime] = {}

    def is_amazons(self, url: str) -> bool:
        """Whether the URL leads to SNS itself, over TLS."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.scheme == "https" and self._hosts.fullmatch(parts.netloc) is not None

    async def prepare(self, raw: Raw, topics: Collection[str]) -> None:
        """Fetch the certificate that the request names, once, if it is about one of the topics. Never raises."""
        try:
            envelope = opened(raw.body)
        except Malformed:
            return
        url = envelope.signing_cert_url
        failed = self._failed.get(url)
        if envelope.topic_arn not in topics or url in self._certificates or not self._is_certificate(url):
            return
        if failed and raw.received_at - failed < AGAIN:
            return
        try:
            content = await self._fetcher.get(url, most=LARGEST_CERTIFICATE)
            certificate = load_pem_x509_certificate(content)
        except (NotStored, ValueError):
            self._failed = {**dict(list(self._failed.items())[-MOST_CERTIFICATES:]), url: raw.received_at}
            return
        if len(self._certificates) >= MOST_CERTIFICATES:
            self._certificates.clear()
        self._certificates[url] = certificate

    def authentic(self, raw: Raw, topics: Collection[str]) -> bool:
        """Whether AWS signed the request for one of the topics. Raises NotStored while its certificate is missing."""
        try:
            envelope = opened(raw.body)
        except Malformed:
            return False
        hash, url = _HASHES.get(envelope.signature_version), envelope.signing_cert_url
        if hash is None or envelope.topic_arn not in topics or not self._is_certificate(url):
            return False
        certificate = self._certificates.get(url)
        if certificate is None:
            raise NotStored("the certificate of AWS could not be fetched; please deliver it again")
        valid = certificate.not_valid_before_utc <= raw.received_at <= certificate.not_valid_after_utc
        return valid and _verified(certificate, envelope, hash())

    async def confirm(self, url: str) -> None:
        """Say yes to a subscription. Raises NotStored."""
        if not self.is_amazons(url):
            raise Malformed("The SubscribeURL does not lead to Amazon SNS.", pointer="/SubscribeURL")
        await self._fetcher.get(url, most=LARGEST_ANSWER)

    async def close(self) -> None:
        """Let go of connections."""
        await self._fetcher.close()

    def _is_certificate(self, url: str) -> bool:
        return self.is_amazons(url) and CERTIFICATE.fullmatch(urlsplit(url).path) is not None and "?" not in url


def _verified(certificate: Certificate, envelope: Envelope, hash: Hash) -> bool:
    try:
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(b64decode(envelope.signature), envelope.told(), PKCS1v15(), hash)
    except (InvalidSignature, UnsupportedAlgorithm, Error, ValueError):
        return False
    return True
