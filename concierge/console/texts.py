"""What customers are told about bookings, in the tenant's own words or ours, looked at before anybody gets it."""

from typing import Any, get_args
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.bookings.texts import store
from concierge.bookings.texts.api import Sample, TextBody, seen
from concierge.bookings.texts.blanks import FACTS, check
from concierge.bookings.texts.store import TextKind
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.errors import Malformed, Missing
from concierge.languages.speaking import LANGUAGES
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]


@get("/texts")
async def show_texts(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    kind: FromQuery[str] = "reminder",
    language: FromQuery[str] = "en",
    text: FromQuery[str | None] = None,
    subject: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """The tenant's texts, and how one would be read; `text` is looked at and not kept."""
    sample = Sample(kind=kind if kind in get_args(TextKind) else "reminder", language=language)  # type: ignore[arg-type]
    sample = msgspec.structs.replace(sample, text=text or None, subject=subject or None, zone=operator.zone)
    wrong, shown = None, None
    async with runtime.connection() as conn:
        own = await store.of_tenant(conn, tenant_id=operator.tenant_id)
        kept = await store.find(conn, tenant_id=operator.tenant_id, kind=sample.kind, languages=[language])
        try:
            shown = await seen(conn, sample, tenant_id=operator.tenant_id, now=runtime.clock())
        except Malformed as error:
            wrong = str(error)
    return page(
        "texts",
        operator,
        own=own,
        kept=kept,
        sample=sample,
        seen=shown,
        wrong=wrong,
        kinds=get_args(TextKind),
        languages=LANGUAGES,
        blanks=FACTS,
        said=said,
    )


@post("/texts")
async def keep_text(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """These words from now on."""
    now, form = runtime.clock(), await entered(request)
    body = form.given(
        TextBody,
        kind=form.word("kind"),
        language=form.word("language"),
        text=form.word("text"),
        subject=form.word("subject"),
    )
    check(body.text, pointer="/text")
    check(body.subject or "", pointer="/subject")
    async with runtime.begin() as conn:
        kept = await store.keep(conn, tenant_id=admin.tenant_id, now=now, **msgspec.structs.asdict(body))
        await admin.note(conn, "change", "booking_text", kept.id, now=now)
    return back("/texts", said="saved")


@post("/texts/{id:uuid}/remove")
async def remove_text(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Our own words again."""
    async with runtime.begin() as conn:
        if await store.remove(conn, id, tenant_id=admin.tenant_id) is None:
            raise Missing("there is no such text")
        await admin.note(conn, "remove", "booking_text", id, now=runtime.clock())
    return back("/texts", said="done")


HANDLERS = (show_texts, keep_text, remove_text)
