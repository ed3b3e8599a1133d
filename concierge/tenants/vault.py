"""Credentials of channel accounts, and what else must not lie open: encrypted at rest, decrypted only in memory.

Fernet from `cryptography`: the first key encrypts, every key decrypts, so keys rotate by putting a new one in front.
"""

from functools import lru_cache

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from concierge.channels.model import ChannelAccount, Credentials
from concierge.errors import SettingsError
from concierge.settings import Settings
from concierge.tenants.store import AccountRow

NO_KEY = "CONCIERGE_SECRET_KEYS holds no key for the stored credentials"


def seal(credentials: Credentials, settings: Settings) -> bytes:
    """Encrypt with the first key."""
    return closed(msgspec.json.encode(credentials), settings)


def seal_text(text: str, settings: Settings) -> bytes:
    """Encrypt one secret with the first key."""
    return _keys(_secrets(settings)).encrypt(text.encode())


def opened_text(token: bytes, settings: Settings) -> str:
    """The secret again. Raises SettingsError when no key fits."""
    try:
        return _keys(_secrets(settings)).decrypt(token).decode()
    except InvalidToken:
        raise SettingsError(NO_KEY) from None


def opened(row: AccountRow, settings: Settings) -> ChannelAccount:
    """The account with its credentials readable. Raises SettingsError when no key fits."""
    credentials = _decrypt(row.credentials, _secrets(settings)) if row.credentials else Credentials()
    fields = msgspec.structs.asdict(row) | {"credentials": credentials}
    return msgspec.convert(fields, ChannelAccount)


def closed(plain: bytes, settings: Settings) -> bytes:
    """Encrypt anything with the first key."""
    return _keys(_secrets(settings)).encrypt(plain)


def revealed(token: bytes, settings: Settings) -> bytes:
    """What `closed` was given. Raises SettingsError when no key fits."""
    try:
        return _keys(_secrets(settings)).decrypt(token)
    except InvalidToken:
        raise SettingsError("CONCIERGE_SECRET_KEYS holds no key for what is stored") from None


def _secrets(settings: Settings) -> tuple[str, ...]:
    return tuple(key.reveal() for key in settings.concierge_secret_keys)


@lru_cache(maxsize=4)
def _keys(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(secret) for secret in secrets])


@lru_cache(maxsize=1024)
def _decrypt(token: bytes, secrets: tuple[str, ...]) -> Credentials:
    try:
        return msgspec.json.decode(_keys(secrets).decrypt(token), type=Credentials)
    except InvalidToken:
        raise SettingsError(NO_KEY) from None
