"""What can go wrong with credits."""

from concierge.errors.root import ConciergeError


class OutOfCredits(ConciergeError):
    """Out of credits."""


class ReserveEnded(ConciergeError):
    """The credits taken for this turn were given back meanwhile."""
