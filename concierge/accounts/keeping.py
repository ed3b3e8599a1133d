"""Adding, changing and removing an account."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from concierge.accounts import store
from concierge.accounts.model import TRANSPORTS, Account, AccountChange, Keys, Manners, NewAccount
from concierge.api.caller import Caller
from concierge.channels.email import aws
from concierge.channels.model import Credentials
from concierge.errors import Conflicting, Invalid, Missing
from concierge.outbox.line.store import wake_account
from concierge.postgres.query import Conn
from concierge.settings import Settings
from concierge.tenants import store as tenants
from concierge.tenants.vault import revealed, seal


async def add(
    conn: Conn, wish: NewAccount, settings: Settings, *, caller: Caller, tenant_id: UUID, now: datetime
) -> Account:
    """A new account of the tenant. Raises Invalid, and Conflicting where somebody has this address."""
    transport = wish.transport or TRANSPORTS[wish.channel][0]
    if transport not in TRANSPORTS[wish.channel]:
        raise Invalid([("/transport", f"{wish.channel} leaves by {' or '.join(TRANSPORTS[wish.channel])}")])
    _check(wish.credentials, caller)
    await _check_fallback(conn, wish.settings, tenant_id=tenant_id)
    id = await store.add(
        conn,
        tenant_id=tenant_id,
        channel=wish.channel,
        external_id=wish.external_id.lower() if wish.channel == "email" else wish.external_id,
        name=wish.name,
        transport=transport,
        signature=_signature(wish, settings),
        settings=_plain(wish.settings) | _identity(wish, transport, caller),
        credentials=_sealed(wish.credentials, settings),
        now=now,
    )
    if id is None:
        raise Conflicting("a channel account with this external_id exists")
    return await find(conn, id, tenant_id=tenant_id)


async def change(
    conn: Conn, id: UUID, wish: AccountChange, settings: Settings, *, caller: Caller, now: datetime
) -> Account:
    """Change an account; new credentials repair a stopped one. Raises Missing, Invalid."""
    present = await find(conn, id, tenant_id=caller.tenant_id)
    if present.status == "removed":
        raise Missing("this channel account was removed")
    if wish.settings is not UNSET:
        await _check_fallback(conn, wish.settings, tenant_id=caller.tenant_id)
    if wish.credentials is not UNSET:
        _check(wish.credentials, caller)
    await store.change(
        conn,
        id,
        tenant_id=caller.tenant_id,
        name=present.name if wish.name is UNSET else wish.name,
        settings=None if wish.settings is UNSET else _plain(wish.settings),
        credentials=None if wish.credentials is UNSET else _sealed(wish.credentials, settings),
        now=now,
    )
    return await find(conn, id, tenant_id=caller.tenant_id)


async def renew(
    conn: Conn, id: UUID, wish: AccountChange, settings: Settings, *, caller: Caller, now: datetime
) -> Account:
    """As `change`, but credentials that the wish leaves empty stay as they are. Raises Missing, Invalid."""
    if wish.credentials is UNSET:
        return await change(conn, id, wish, settings, caller=caller, now=now)
    _check(wish.credentials, caller)
    await change(conn, id, msgspec.structs.replace(wish, credentials=UNSET), settings, caller=caller, now=now)
    old = await _keys(conn, id, settings, tenant_id=caller.tenant_id)
    given = {name: value for name, value in msgspec.structs.asdict(wish.credentials).items() if value}
    sealed = _sealed(msgspec.structs.replace(old, **given), settings)
    name = (await find(conn, id, tenant_id=caller.tenant_id)).name
    await store.change(
        conn, id, tenant_id=caller.tenant_id, name=name, settings=None, credentials=sealed if given else None, now=now
    )
    return await find(conn, id, tenant_id=caller.tenant_id)


async def kept(conn: Conn, id: UUID, settings: Settings, *, tenant_id: UUID) -> set[str]:
    """The names of the credentials that it has; what they are is nobody's to see."""
    return {
        name
        for name, value in msgspec.structs.asdict(await _keys(conn, id, settings, tenant_id=tenant_id)).items()
        if value
    }


async def remove(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """The account takes and sends nothing more; its conversations stay readable. Raises Missing."""
    if await store.remove(conn, id, tenant_id=tenant_id, by=by, now=now) is None:
        raise Missing("there is no such channel account")
    await store.cancel_messages(conn, id, tenant_id=tenant_id, now=now)


async def pause(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """It stops sending; what is queued stays queued. Raises Missing, Conflicting."""
    found = await find(conn, id, tenant_id=tenant_id)
    if found.status == "removed" or not await tenants.pause_account(conn, id, tenant_id=tenant_id, by=by, now=now):
        raise Conflicting(f"the account is {found.status}")


async def resume(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """What was queued goes out. Raises Missing, Conflicting."""
    found = await find(conn, id, tenant_id=tenant_id)
    if found.status == "removed":
        raise Conflicting("the account is removed")
    await tenants.resume_account(conn, id, tenant_id=tenant_id, by=by, now=now)
    await wake_account(conn, account_id=id, tenant_id=tenant_id, now=now)


async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Account:
    """One account. Raises Missing."""
    found = await store.find(conn, id, tenant_id=tenant_id)
    if found is None:
        raise Missing("there is no such channel account")
    return found


def _signature(wish: NewAccount, settings: Settings) -> str:
    """Web chat has no webhook; others need something to prove theirs with, but on a developer's machine."""
    application = {
        "whatsapp": settings.whatsapp_app_secret,
        "instagram": settings.instagram_app_secret,
        "email": settings.email_webhook_secret,
        "webchat": True,
    }[wish.channel]
    if wish.credentials.webhook_secrets or application:
        return "required"
    if settings.concierge_env == "production":
        raise Invalid([("/credentials/webhook_secrets", "is needed: without a secret no webhook can be proven")])
    return "off"


def _check(keys: Keys, caller: Caller) -> None:
    """A server of the caller's choice is connected to from inside this machine's network."""
    if keys.smtp_url is not None and not caller.may("platform:*"):
        raise Invalid([("/credentials/smtp_url", "is for keys with the scope platform:*")])


def _identity(wish: NewAccount, transport: str, caller: Caller) -> dict[str, str]:
    """What the account's settings say of AWS. Raises Invalid where it would send as this machine."""
    if wish.channel != "email":
        return {}
    if caller.may("platform:*"):
        return {aws.SETTING: aws.MACHINE}
    if transport == "ses" and wish.credentials.aws_access_key_id is None:
        wrong = "is needed: the AWS identity of this machine is for keys with the scope platform:*"
        raise Invalid([("/credentials/aws_access_key_id", wrong)])
    return {}


async def _check_fallback(conn: Conn, settings: Manners, *, tenant_id: UUID) -> None:
    if settings.fallback and await store.find(conn, settings.fallback, tenant_id=tenant_id) is None:
        raise Invalid([("/settings/fallback", "is no channel account of this tenant")])


async def _keys(conn: Conn, id: UUID, settings: Settings, *, tenant_id: UUID) -> Keys:
    sealed = await store.hold_credentials(conn, id, tenant_id=tenant_id)
    return msgspec.json.decode(revealed(sealed, settings), type=Keys) if sealed else Keys()


def _plain(settings: Manners) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    return plain


def _sealed(keys: Keys, settings: Settings) -> bytes:
    return seal(msgspec.convert(msgspec.structs.asdict(keys), Credentials), settings)
