"""What providers are shown in place of personal data: the same placeholder all through a conversation.

Lies encrypted in Postgres, so that a provider that remembers a conversation, and a prompt about it tomorrow, mean the
same by `<PHONE_1>`.
"""

import base64
from functools import lru_cache

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from concierge.asking import store
from concierge.asking.model import Behalf, Means, Sealed
from concierge.errors import ModelUnavailable
from concierge.llm.purposes import Prompt
from concierge.llm.redaction import Pseudonym, Vault, redacted
from concierge.settings import Settings

ATTEMPTS = 5


class _Taken(Exception):
    """Another question about the conversation gave out the same numbers."""


async def hide(prompt: Prompt, sealed: list[Sealed], on: Behalf, means: Means) -> tuple[Prompt, Vault]:
    """The prompt as a provider may see it, and what puts the data back."""
    for _ in range(ATTEMPTS):
        known = [_opened(one, means.settings) for one in sealed]
        vault = Vault(private=prompt.private, region=means.settings.phone_region, known=known)
        bare = redacted(prompt, vault)
        try:
            await _remember(vault.fresh, on, means)
        except _Taken:
            sealed = await _again(on, means)
        else:
            return bare, vault
    raise ModelUnavailable("too many questions about the conversation at once")


async def _remember(fresh: list[Pseudonym], on: Behalf, means: Means) -> None:
    """All of them or none. Raises _Taken."""
    if not fresh or on.conversation_id is None:
        return
    keys = _keys(means.settings)
    async with means.pool.connection() as conn, conn.transaction():
        added = await store.add_pseudonyms(
            conn,
            tenant_id=on.tenant_id,
            conversation_id=on.conversation_id,
            kinds=[each.kind for each in fresh],
            ns=[each.n for each in fresh],
            sealed=[keys.encrypt(msgspec.json.encode((each.key, each.original))) for each in fresh],
            now=means.clock(),
        )
        if len(added) < len(fresh):
            raise _Taken


async def _again(on: Behalf, means: Means) -> list[Sealed]:
    month = means.clock().date().replace(day=1)
    async with means.pool.connection() as conn:
        standing = await store.standing(conn, tenant_id=on.tenant_id, conversation_id=on.conversation_id, month=month)
    return standing.pseudonyms


def _opened(one: Sealed, settings: Settings) -> Pseudonym:
    """Where the key is gone, the number stays taken, and stands for itself."""
    try:
        text = _keys(settings).decrypt(base64.b64decode(one.sealed))
    except InvalidToken:
        return Pseudonym(one.kind, one.n, key="", original=f"<{one.kind}_{one.n}>")
    key, original = msgspec.json.decode(text, type=tuple[str, str])
    return Pseudonym(one.kind, one.n, key, original)


def _keys(settings: Settings) -> MultiFernet:
    return _fernet(tuple(key.reveal() for key in settings.concierge_secret_keys))


@lru_cache(maxsize=4)
def _fernet(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(secret) for secret in secrets])
