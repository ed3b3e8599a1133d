"""Every page of the console, in the order of the menu."""

from litestar import Router
from litestar.di import Provide

from concierge.console import (
    accounts,
    agents,
    beginning,
    bookings,
    colleagues,
    followup_moves,
    followups,
    guarding,
    hooks,
    inbox,
    keys,
    leading,
    login,
    machine,
    media,
    mishaps,
    notices,
    operations,
    outbox,
    overview,
    policies,
    prompts,
    questions,
    replying,
    static_files,
    texts,
    thread,
)
from concierge.console.listing import provide_listing
from concierge.errors import Rejected

PAGES = (
    overview,
    beginning,
    inbox,
    thread,
    replying,
    leading,
    media,
    followups,
    followup_moves,
    bookings,
    policies,
    texts,
    outbox,
    operations,
    notices,
    accounts,
    agents,
    prompts,
    keys,
    hooks,
    colleagues,
    machine,
    questions,
)

router = Router(
    path="/console",
    route_handlers=[handler for page in (static_files, login, *PAGES) for handler in page.HANDLERS],
    dependencies={
        "operator": Provide(guarding.provide_operator),
        "acting": Provide(guarding.provide_acting),
        "admin": Provide(guarding.provide_admin),
        "platform": Provide(guarding.provide_platform),
        "machinist": Provide(guarding.provide_machinist),
        "own": Provide(guarding.provide_own),
        "listing": Provide(provide_listing),
    },
    exception_handlers={guarding.SignInFirst: guarding.on_sign_in_first, Rejected: mishaps.on_rejected},
    include_in_schema=False,
)
