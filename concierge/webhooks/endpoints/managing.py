"""What tenants do with their endpoints: make, change, give a new secret, replay what was not taken."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from concierge.egress.addresses import is_public, is_within, literal, networks, wrong_with
from concierge.errors import Missing
from concierge.postgres.query import Conn
from concierge.settings import Settings
from concierge.tenants.vault import seal_text
from concierge.webhooks.endpoints import store
from concierge.webhooks.model import CHANGE_OVER, FAMILIES, Endpoint
from concierge.webhooks.signing import new_secret

_TYPE = re.compile(rf"\*|(?:{'|'.join(FAMILIES)})\.(?:\*|[a-z_]{{1,50}})")


class Made(Endpoint, frozen=True, kw_only=True):
    """An endpoint with a new secret, which is shown this once."""

    secret: str


async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Endpoint:
    """One endpoint. Raises Missing."""
    endpoint = await store.find(conn, id, tenant_id=tenant_id)
    if endpoint is None:
        raise Missing("there is no such endpoint")
    return endpoint


def wrong_url(url: str, settings: Settings) -> str | None:
    """Why nothing can be sent to the URL; None: nothing is wrong that can be known before it is called."""
    allowed = networks(settings.egress_networks)
    if wrong := wrong_with(url, plain=bool(allowed)):
        return wrong
    address = literal(url)
    if address is not None and not is_public(address) and not is_within(address, allowed):
        return "must not lead to an address that is not public"
    return None


def wrong_types(types: Sequence[str]) -> str | None:
    """Why these cannot be asked for; None: nothing is wrong."""
    odd = [each for each in types if not _TYPE.fullmatch(each)]
    if odd or not types:
        return f"must name types such as message.received, task.* or *, of {', '.join(FAMILIES)}"
    return None


async def create(
    conn: Conn,
    settings: Settings,
    *,
    tenant_id: UUID,
    url: str,
    description: str,
    event_types: Sequence[str],
    include_text: bool,
    now: datetime,
) -> Made:
    """A new endpoint, told of everything that happens from now on."""
    secret = new_secret()
    endpoint = await store.add(
        conn,
        tenant_id=tenant_id,
        url=url,
        description=description,
        event_types=sorted(set(event_types)),
        include_text=include_text,
        secret=seal_text(secret, settings),
        now=now,
    )
    return _shown(endpoint, secret)


async def rotate(conn: Conn, settings: Settings, id: UUID, *, tenant_id: UUID, now: datetime) -> Made | None:
    """A new secret; the one before signs, too, for a day. None where there is no such endpoint."""
    secret = new_secret()
    endpoint = await store.rotate(
        conn, id, tenant_id=tenant_id, secret=seal_text(secret, settings), until=now + CHANGE_OVER
    )
    return _shown(endpoint, secret) if endpoint else None


def _shown(endpoint: Endpoint, secret: str) -> Made:
    return Made(**msgspec.structs.asdict(endpoint), secret=secret)
