"""`/v1`: every room's endpoints (see concierge.api)."""

from litestar.di import Provide

from concierge.accounts import api as accounts
from concierge.accounts import literal as tenancy
from concierge.accounts import templates
from concierge.admin import v1 as admin
from concierge.agents import api as agents
from concierge.api.guarding import closed
from concierge.bookings import api as bookings
from concierge.consent import api as consent
from concierge.contacts import api as contacts
from concierge.conversations import api as conversations
from concierge.conversations import literal as said
from concierge.conversations.handover import api as handover
from concierge.credits import api as ledger
from concierge.followups import api as followups
from concierge.followups.drafting import api as drafts
from concierge.leads import api as leads
from concierge.live import api as live
from concierge.outbox import api as outbox
from concierge.retention import api as retention
from concierge.summaries import api as summaries
from concierge.tenants import api as tenants
from concierge.tenants.literal import provide_user
from concierge.web.changing import changing
from concierge.web.keyed import keyed
from concierge.web.parameters import strict_query
from concierge.webhooks import api as webhooks

ROOMS = (
    tenants,
    accounts,
    templates,
    agents,
    conversations,
    handover,
    outbox,
    followups,
    drafts,
    webhooks,
    live,
    consent,
    bookings,
    contacts,
    retention,
    ledger,
    leads,
    summaries,
    admin,
)
"""A room that has an `api.py` is listed here."""

router = keyed("/v1", closed(handler for room in ROOMS for handler in room.HANDLERS), strict_query, changing)

OF_USERS = (*tenancy.HANDLERS, *said.HANDLERS, *agents.OF_USERS, *ledger.OF_USERS, *leads.OF_USERS)
"""A tenant's, in the words of the multi-channel agent's design: there it is a user."""

users = keyed("/users", closed(OF_USERS), changing, more={"user": Provide(provide_user)})
debug = keyed("/debug", closed(summaries.DEBUG), changing)
