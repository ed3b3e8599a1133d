"""Our own token in an address of ours, behind the “+”: it says which conversation a reply belongs to (RFC 5233)."""

from base64 import b32decode, b32encode
from binascii import Error
from uuid import UUID

_LENGTH = 26  # of 16 bytes in base32, without its padding


def without_token(address: str) -> tuple[str, str | None]:
    """`desk+token@domain` as (`desk@domain`, `token`); None where there is no token."""
    local, _, domain = address.rpartition("@")
    base, plus, token = local.partition("+")
    return (f"{base}@{domain}", token or None) if plus and base else (address, None)


def token_of(conversation: UUID) -> str:
    """What stands in the Reply-To of a conversation's mail: lower-case letters and digits."""
    return b32encode(conversation.bytes).decode().rstrip("=").lower()


def conversation_of(token: str | None) -> UUID | None:
    """The conversation of a token of ours; None for anything else."""
    if token is None or len(token) != _LENGTH or not token.isascii():
        return None
    try:
        return UUID(bytes=b32decode(f"{token.upper()}======"))
    except (Error, ValueError):
        return None
