"""The tenants' own texts over HTTP: kept once their blanks are checked, and looked at before anybody gets them."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.api.caller import Caller
from concierge.api.scopes import CHANGES_NOTHING, needs
from concierge.api.values import Language, Zone
from concierge.bookings.people.store import Person
from concierge.bookings.texts import store
from concierge.bookings.texts.blanks import FACTS, LONGEST, check, filled
from concierge.bookings.texts.store import OwnText, TextKind
from concierge.bookings.texts.wording import Appointment, Template, facts_of, template
from concierge.errors import Missing
from concierge.languages.speaking import LANGUAGES
from concierge.postgres.query import Conn
from concierge.runtime import Runtime


class TextBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text with blanks such as {{service}} or {{provider|our team}}; a line with an empty blank is left out."""

    kind: TextKind = "reminder"
    language: Language
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    subject: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class Sample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to look at, or (no text) the one that would be sent."""

    kind: TextKind = "reminder"
    language: Language = "en"
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)] | None = None
    subject: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    service: Annotated[str, Meta(max_length=200)] = "Haircut"
    provider: Annotated[str, Meta(max_length=200)] | None = "Sam"
    location: Annotated[str, Meta(max_length=200)] | None = None
    customer_name: Annotated[str, Meta(max_length=200)] | None = "Alice"
    starts_at: Annotated[datetime, Meta(tz=True)] | None = None  # None: in two hours
    zone: Zone = "Europe/Berlin"


class Seen(Struct, frozen=True):
    """What would be said."""

    text: str
    subject: str | None


@get("/booking-texts", opt=needs("bookings:read"))
async def list_texts(caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """The tenant's own texts; the languages of ours; the blanks there are."""
    async with runtime.connection() as conn:
        own = await store.of_tenant(conn, tenant_id=caller.tenant_id)
    return {"data": own, "languages": LANGUAGES, "blanks": FACTS}


@post("/booking-texts", opt=needs("bookings:write"))
async def keep_text(
    data: JSONBody[TextBody], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> OwnText:
    """The text of that kind and language from now on. Refused where a blank is unknown."""
    check(data.text, pointer="/text")
    check(data.subject or "", pointer="/subject")
    async with runtime.connection() as conn:
        return await store.keep(
            conn,
            tenant_id=caller.tenant_id,
            kind=data.kind,
            language=data.language,
            text=data.text,
            subject=data.subject,
            now=runtime.clock(),
        )


@delete("/booking-texts/{id:uuid}", opt=needs("bookings:write"))
async def remove_text(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> None:
    """Our own words again."""
    async with runtime.connection() as conn:
        if await store.remove(conn, id, tenant_id=caller.tenant_id) is None:
            raise Missing("there is no such text")


@post("/booking-texts/preview", status_code=200, opt=needs("bookings:read") | CHANGES_NOTHING)
async def preview_text(
    data: JSONBody[Sample], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Seen:
    """What would be said, exactly as it would be: the same code fills the blanks."""
    async with runtime.connection() as conn:
        return await seen(conn, data, tenant_id=caller.tenant_id, now=runtime.clock())


async def seen(conn: Conn, data: Sample, *, tenant_id: UUID, now: datetime) -> Seen:
    """How a text would be read. Raises Malformed."""
    check(data.text or "", pointer="/text")
    check(data.subject or "", pointer="/subject")
    chosen = await template(conn, data.kind, data.language, tenant_id=tenant_id)
    shown = Template(data.language, data.text, data.subject) if data.text else chosen
    name = await store.tenant_name(conn, tenant_id=tenant_id)
    person = Person(name=data.customer_name, language=data.language, tenant_name=name, silent=False)
    starts_at = data.starts_at or now + timedelta(hours=2)
    facts = facts_of(
        Appointment(data.service, data.provider, data.location, starts_at, data.zone), person, shown.language, now
    )
    return Seen(filled(shown.text, facts), filled(shown.subject, facts) if shown.subject else None)


HANDLERS = (list_texts, keep_text, remove_text, preview_text)
