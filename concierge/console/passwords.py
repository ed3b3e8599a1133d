"""How a password is kept: Argon2id with the library's defaults (RFC 9106, low memory)."""

import asyncio
from functools import cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from concierge.errors import Invalid

SHORTEST = 10  # characters
LONGEST = 200

_hasher = PasswordHasher()


async def kept(password: str) -> str:
    """What is stored of it. Takes 50 ms in a thread. Raises Invalid for one that is too short."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid([("/password", f"must have {SHORTEST} to {LONGEST} characters")])
    return await asyncio.to_thread(_hasher.hash, password)


async def fits(password: str, hash: str | None) -> bool:
    """Whether it is the one. Takes as long for a login that does not exist (None)."""
    return await asyncio.to_thread(_fits, password[:LONGEST], hash or _nobodys())


def _fits(password: str, hash: str) -> bool:
    try:
        return _hasher.verify(hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(token_urlsafe())
