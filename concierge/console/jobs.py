"""The console in the background."""

from concierge.console.activity import count
from concierge.work import EVERY_MINUTE, Tick

TICKS = (Tick(name="console.count", every=EVERY_MINUTE, run=count),)
