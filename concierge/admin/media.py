"""Files that came with messages, for operators: to be saved, never to be shown in our own pages."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from concierge.admin.store import acknowledge
from concierge.api.caller import Caller
from concierge.errors import Conflicting, Missing
from concierge.media import store
from concierge.media.limits import UNKNOWN
from concierge.media.model import Fetch, Kept
from concierge.postgres.queue import put
from concierge.runtime import Runtime


@get("/media/{id:uuid}")
async def download(id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Stream:
    """The bytes of a file. Raises Missing, or Conflicting while there are none."""
    return await stream(runtime, id, tenant_id=operator.tenant_id)


async def stream(runtime: Runtime, id: UUID, *, tenant_id: UUID) -> Stream:
    """A file out of the store, under headers that keep it harmless. Raises Missing, Conflicting."""
    async with runtime.connection() as conn:
        kept = await store.find(conn, id, tenant_id=tenant_id)
    if kept is None:
        raise Missing("there is no such file")
    if kept.status != "stored" or kept.location is None:
        raise Conflicting(f"the file is {kept.status}" + (f": {kept.reason}" if kept.reason else ""))
    try:
        content = await runtime.storage().open(kept.location)
    except FileNotFoundError:
        raise Missing("the file store has lost this file") from None
    return Stream(content, media_type=kept.mime_type or UNKNOWN, headers=_headers(kept))


@post("/media/{id:uuid}/retry", status_code=200)
async def retry(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, Any]:
    """All tries again for a file that was given up. Raises Missing, or Conflicting where it was not."""
    async with runtime.begin() as conn:
        message = await store.retry(conn, id, tenant_id=operator.tenant_id, by=operator.actor, now=runtime.clock())
        if message is None:
            if await store.find(conn, id, tenant_id=operator.tenant_id) is None:
                raise Missing("there is no such file")
            raise Conflicting("only a file that was given up can be retried")
        await put(conn, Fetch(message))
        await acknowledge(conn, subject_id=id, tenant_id=operator.tenant_id, now=runtime.clock())
    return {"status": "pending", "id": str(id)}


def _headers(kept: Kept) -> dict[str, str]:
    """A stranger made this file: it is saved under its name, whatever it says it is, and opens nothing of ours."""
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(kept.filename or str(kept.id), safe='')}",
        "content-length": str(kept.size),
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
