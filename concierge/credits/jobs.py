"""Credits in the background."""

from concierge.credits.spending import release_abandoned
from concierge.work import EVERY_MINUTE, Tick

TICKS = (Tick(name="credits.release_abandoned", every=EVERY_MINUTE, run=release_abandoned),)
