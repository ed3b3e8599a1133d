"""Telling a tenant's endpoints, in the transaction of what happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from concierge.postgres.query import Conn
from concierge.webhooks import store
from concierge.webhooks.model import FAMILIES


async def announce(
    conn: Conn,
    tenant_id: UUID,
    type: str,
    subject_id: UUID,
    data: Mapping[str, Any],
    now: datetime,
    *,
    words: Mapping[str, Any] | None = None,
) -> None:
    """Write `type` for every endpoint that wants it; nothing, where none does.

    `data`: ids, states, times; `contact_id` where a person is concerned. `words`: what people wrote or are called, told
    only to endpoints that include text. Raises ValueError for a type of no known family: no endpoint could ask for it.
    """
    if type.partition(".")[0] not in FAMILIES:
        raise ValueError(f"{type!r} is none of {', '.join(FAMILIES)}")
    await store.announce(
        conn, tenant_id=tenant_id, type=type, subject_id=subject_id, data=data, words=words or {}, now=now
    )
