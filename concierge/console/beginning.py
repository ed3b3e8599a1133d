"""A first run, step by step: a worker, a channel, a model, the first message; each says whether it is done."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from concierge.admin import machine_store
from concierge.console.machine import SILENT
from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.console.store import beginning as store
from concierge.runtime import Runtime
from concierge.settings import Settings

NEEDED = {
    "email": ("email_address", "email_webhook_secret", "email_transport"),
    "whatsapp": (
        "whatsapp_phone_number_id",
        "whatsapp_transport",
        "whatsapp_app_secret",
        "whatsapp_verify_token",
        "whatsapp_access_token",
        "whatsapp_business_account_id",
    ),
    "instagram": (
        "instagram_account_id",
        "instagram_app_secret",
        "instagram_verify_token",
        "instagram_access_token",
    ),
}
"""What the environment says about each channel of the first tenant."""


class Variable(Struct, frozen=True):
    """A variable of the environment, and whether it says anything. Secrets are not shown."""

    name: str
    said: bool
    sandbox: bool  # it is set, and means that nothing leaves the machine


@get("/beginning")
async def show_beginning(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], request: Request[Any, Any, Any]
) -> Response[str]:
    """What is done, and what comes next."""
    async with runtime.connection() as conn:
        done = await store.done(conn, tenant_id=operator.tenant_id)
        workers = await machine_store.workers(conn)
    return page(
        "beginning",
        operator,
        alive=any(each.silent_seconds <= SILENT for each in workers),
        done=done,
        channels={name: checklist(runtime.settings, names) for name, names in NEEDED.items()},
        models=list(runtime.chain),
        base=runtime.settings.public_url or str(request.base_url).rstrip("/"),
        mailbox=runtime.settings.email_address,
        development=runtime.settings.concierge_env == "development",
    )


def checklist(settings: Settings, names: tuple[str, ...]) -> list[Variable]:
    """Whether each variable is set."""
    said = {name: getattr(settings, name) for name in names}
    return [Variable(name.upper(), bool(value), value == "sandbox") for name, value in said.items()]


HANDLERS = (show_beginning,)
