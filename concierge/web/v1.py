"""`/v1`: every room's endpoints (see concierge.api)."""

from concierge.api.scopes import closed
from concierge.bookings import api as bookings
from concierge.bookings import literal
from concierge.tenants import api as tenants
from concierge.web.idempotency import idempotent
from concierge.web.keyed import keyed

ROOMS = (tenants, bookings)
"""A room that has an `api.py` is listed here."""

router = keyed("/v1", closed(handler for room in ROOMS for handler in room.HANDLERS), idempotent)

literal_router = keyed("/api", closed(literal.HANDLERS), idempotent)
"""The paths of a booking system's own API."""
