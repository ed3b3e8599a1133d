"""Tenants and their accounts in the words of the multi-channel agent's design: users and phone numbers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.accounts import keeping, store
from concierge.accounts.model import Account, Keys, Manners, NewAccount, Transport
from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Email, ExternalId, Name
from concierge.errors import Missing
from concierge.runtime import Runtime
from concierge.tenants import businesses
from concierge.tenants.model import Business, NewBusiness


class NewUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A business that is wanted. `user_id`: what its own systems call it."""

    email: Email
    company_name: Name
    user_id: ExternalId | None = None


class User(Struct, frozen=True):
    """A business. `user_id` is its id in the paths; `external_id` what its own systems call it."""

    user_id: UUID
    external_id: str | None
    email: str | None
    company_name: str
    created_at: datetime


class NewPhoneNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number or handle. `phone_number_id` is the vendor's id of it."""

    phone_number_id: Annotated[str, Meta(pattern=r"^[^\s\x00-\x1f]{1,50}$", examples=["106540352242922"])]
    type: Literal["whatsapp", "instagram", "webchat"]
    external_number: Annotated[str, Meta(min_length=1, max_length=100, examples=["+4915112345678"])]
    access_token: Annotated[str, Meta(min_length=1, max_length=4000)]
    display_name: Name | None = None
    webhook_secret: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    transport: Transport | None = None


class PhoneNumber(Struct, frozen=True):
    """A number or handle; its token is never shown."""

    id: UUID
    phone_number_id: str
    user_id: UUID
    type: str
    external_number: str | None
    display_name: str | None
    created_at: datetime


@post("/", opt=needs("platform:*"))
async def create_user(data: JSONBody[NewUser], runtime: NamedDependency[Runtime]) -> User:
    """A new business."""
    wish = NewBusiness(name=data.company_name, email=data.email, external_id=data.user_id)
    async with runtime.begin() as conn:
        return _user(await businesses.make(conn, wish, now=runtime.clock()))


@get("/{user_id:str}/phone_numbers", opt=needs("channel-accounts:read"))
async def list_phone_numbers(
    user: NamedDependency[UUID],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[PhoneNumber]:
    """The numbers, handles and widgets of a business, newest first."""
    async with runtime.connection() as conn:
        page = paging.page(await store.some(conn, tenant_id=user, **paging.asked()))
    return Page([_number(each, user) for each in page.data], page.next_cursor, page.has_more)


@post("/{user_id:str}/phone_numbers", opt=needs("channel-accounts:write"))
async def add_phone_number(
    user: NamedDependency[UUID],
    data: JSONBody[NewPhoneNumber],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> PhoneNumber:
    """Connect a number or handle. Its token is encrypted and never shown again."""
    wish = NewAccount(
        channel=data.type,
        external_id=data.phone_number_id,
        name=data.display_name,
        transport=data.transport,
        settings=Manners(external_number=data.external_number),
        credentials=Keys(
            access_token=data.access_token, webhook_secrets=[data.webhook_secret] if data.webhook_secret else []
        ),
    )
    async with runtime.begin() as conn:
        kept = await keeping.add(conn, wish, runtime.settings, caller=caller, tenant_id=user, now=runtime.clock())
    return _number(kept, user)


@delete("/{user_id:str}/phone_numbers/{phone_number_id:str}", opt=needs("channel-accounts:write"))
async def remove_phone_number(
    user: NamedDependency[UUID],
    phone_number_id: FromPath[str],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> None:
    """Disconnect it, by the vendor's id or ours; what was said stays."""
    async with runtime.begin() as conn:
        name = phone_number_id.replace("\0", "")
        id = await store.named(conn, tenant_id=user, name=name)
        if id is None:
            raise Missing("there is no such phone number")
        await keeping.remove(conn, id, tenant_id=user, by=caller.actor, now=runtime.clock())


def _user(made: Business) -> User:
    return User(made.id, made.external_id, made.email, made.name, made.created_at)


def _number(account: Account, user_id: UUID) -> PhoneNumber:
    return PhoneNumber(
        account.id,
        account.external_id,
        user_id,
        account.channel,
        account.settings.external_number,
        account.name,
        account.created_at,
    )


HANDLERS = (create_user, list_phone_numbers, add_phone_number, remove_phone_number)
