"""Who is signed in: a random cookie whose hash a row holds, idle for at most twelve hours, for a week in all."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from concierge.console import passwords
from concierge.console.model import Operator
from concierge.console.store import operators as store
from concierge.errors import TooMany
from concierge.runtime import Runtime

IDLE = timedelta(hours=12)
LIFETIME = timedelta(days=7)
FRESH = timedelta(minutes=1)  # how exactly it is known when a browser was last seen
PATIENCE = 5  # wrong passwords until the login rests
LOCKED = timedelta(minutes=5)
COOKIE = "concierge_console"


async def sign_in(runtime: Runtime, login: str, password: str) -> str | None:
    """The cookie of a new session; None where login and password do not go together. Raises TooMany while locked.

    A login that nobody has is answered, locked and timed like any other, so that nobody learns who works here.
    """
    now, login = runtime.clock(), login.strip().replace("\0", "")
    async with runtime.connection() as conn:
        known = await store.find_login(conn, login=login)
        locked = await store.locked_until(conn, login=login, now=now)
    if locked is not None:
        raise TooMany("too many wrong passwords", retry_after=(locked - now).total_seconds())
    fits = await passwords.fits(password, known.password_hash if known else None)
    async with runtime.begin() as conn:
        if known is None or not fits:
            await store.count_failure(conn, login=login, patience=PATIENCE, until=now + LOCKED, now=now)
            return None
        await store.forget_failures(conn, login=login)
        await store.forget_tries(conn, before=now - IDLE)
        await store.forget_sessions(conn, now=now, idle_since=now - IDLE)
        token = token_urlsafe(32)
        await store.open_session(
            conn,
            token_hash=_hashed(token),
            tenant_id=known.tenant_id,
            operator_id=known.id,
            csrf=token_urlsafe(24),
            now=now,
            expires_at=now + LIFETIME,
        )
    return token


async def find(runtime: Runtime, token: str | None) -> Operator | None:
    """Who is signed in with this cookie."""
    if not token:
        return None
    now = runtime.clock()
    async with runtime.connection() as conn:
        found = await store.find_session(conn, token_hash=_hashed(token), now=now, idle_since=now - IDLE)
        if found is not None and _is_stale(found.seen_at, now):
            await store.touch_session(conn, token_hash=_hashed(token), now=now)
    return found


async def sign_out(runtime: Runtime, token: str) -> None:
    """The cookie is worth nothing any more."""
    async with runtime.connection() as conn:
        await store.close_session(conn, token_hash=_hashed(token))


def _is_stale(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at > FRESH


def _hashed(token: str) -> bytes:
    return sha256(token.encode()).digest()
