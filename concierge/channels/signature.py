"""Signatures over raw bytes, as most webhooks carry them: `sha256=<hex HMAC-SHA256 of the body>`."""

import hmac
from collections.abc import Iterable

PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """The header value that proves `body` came from somebody who knows `secret`."""
    return PREFIX + hmac.digest(secret.encode(), body, "sha256").hex()


def signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether `header` is the signature of exactly these bytes under one of the secrets.

    Several secrets are valid while one is being replaced. The comparison takes the same time for every wrong header.
    """
    return header is not None and any(matches(sign(body, secret), header) for secret in secrets)


def matches(expected: str, given: str) -> bool:
    """Equality in constant time, for any text."""
    return hmac.compare_digest(expected.encode(), given.encode(errors="replace"))
