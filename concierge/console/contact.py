"""One person: addresses, what they prefer, what they do not want, and everything of theirs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.bodies import convert
from concierge.consent import store as consent
from concierge.consent.api import NewSuppression
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import contacts as store
from concierge.contacts import keeping
from concierge.contacts.model import ChangedContact
from concierge.errors import Conflicting, Missing
from concierge.runtime import Runtime
from concierge.summaries import store as summaries

AnyRequest = Request[Any, Any, Any]
ACTIONS = ("remind", "remind_and_draft")


@get("/contacts/{id:uuid}")
async def show_contact(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Everything about one contact; of one that was merged or erased, what is left."""
    whose: dict[str, Any] = {"contact_id": id, "tenant_id": operator.tenant_id}
    async with runtime.connection() as conn:
        contact = await keeping.find(conn, id, tenant_id=operator.tenant_id)
        facts = {
            "suppressions": await store.suppressions(conn, **whose),
            "talks": await store.talks(conn, **whose),
            "follow_ups": await store.follow_ups(conn, **whose),
            "bookings": await store.bookings(conn, **whose),
        }
    live = contact.merged_into is None and contact.erased_at is None
    called = call(contact.name, [each.value for each in contact.identities])
    return page("contact", operator, contact=contact, live=live, called=called, actions=ACTIONS, said=said, **facts)


@post("/contacts/{id:uuid}")
async def change_contact(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Name and preferences become what the form says; blank: as the tenant has it."""
    form, now = await entered(request), runtime.clock()
    changed = convert({name: form.word(name) for name in ChangedContact.__struct_fields__}, ChangedContact)
    async with runtime.begin() as conn:
        present = await keeping.hold(conn, id, tenant_id=acting.tenant_id)
        await keeping.change(conn, present, changed, tenant_id=acting.tenant_id)
        await acting.note(conn, "change", "contact", id, now=now)
    return back(f"/contacts/{id}", said="saved")


@post("/contacts/{id:uuid}/suppressions")
async def suppress(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """One of their addresses is not written to any more."""
    form, now = await entered(request), runtime.clock()
    async with runtime.begin() as conn:
        contact = await keeping.hold(conn, id, tenant_id=acting.tenant_id)
        chosen = next((each for each in contact.identities if str(each.id) == form.word("identity")), None)
        if chosen is None:
            raise Missing("they have no such address")
        wish = form.given(
            NewSuppression,
            channel=chosen.channel,
            kind=chosen.kind,
            value=chosen.value,
            scope=form.word("scope"),
            reason=form.word("reason") or f"asked for by {acting.actor}",
        )
        made = await consent.suppress(
            conn,
            tenant_id=acting.tenant_id,
            channel=wish.channel,
            kind=wish.kind,
            value=wish.value,
            scope=wish.scope,
            reason=wish.reason,
            source="operator",
            at=now,
        )
        if made is None:
            raise Conflicting("this address is suppressed already")
        await acting.note(conn, "suppress", "contact", id, detail=wish.scope, now=now)
    return back(f"/contacts/{id}", said="suppressed")


@post("/contacts/{id:uuid}/suppressions/{suppression_id:uuid}/lift")
async def lift(
    id: FromPath[UUID],
    suppression_id: FromPath[UUID],
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
) -> Response[None]:
    """An address may be written to again: the person has said so in another way."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        if await consent.lift_one(conn, suppression_id, tenant_id=acting.tenant_id, now=now) is None:
            raise Missing("there is no such suppression that holds")
        await acting.note(conn, "lift suppression", "contact", id, now=now)
    return back(f"/contacts/{id}", said="lifted")


@post("/contacts/{id:uuid}/summary")
async def sum_up(
    id: FromPath[UUID],
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[None]:
    """What was said with them is summed up now."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await keeping.hold(conn, id, tenant_id=acting.tenant_id)
        asked = await summaries.ask(
            conn, tenant_id=acting.tenant_id, contact_id=id, correlation_id=correlation, now=now
        )
        await acting.note(conn, "ask for", "summary", asked, now=now)
    return back("/summaries", said="asked")


def call(name: str | None, addresses: list[str]) -> str:
    """How a person is called, on one line: it is what must be typed to erase them."""
    return " ".join((name or "").split()) or next(iter(addresses), "nobody")


HANDLERS = (show_contact, change_contact, suppress, lift, sum_up)
