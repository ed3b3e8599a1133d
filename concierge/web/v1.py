"""`/v1`: every room's endpoints (see concierge.api)."""

from concierge.admin import notifications
from concierge.api.scopes import closed
from concierge.consent import api as consent
from concierge.tenants import api as tenants
from concierge.web.idempotency import idempotent
from concierge.web.keyed import keyed
from concierge.webhooks import api as webhooks

ROOMS = (tenants, webhooks, consent, notifications)
"""A room that has an `api.py` is listed here."""

router = keyed("/v1", closed(handler for room in ROOMS for handler in room.HANDLERS), idempotent)
