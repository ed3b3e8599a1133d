"""Several things in one request: one that cannot be read does not cost the others."""

from collections.abc import Callable, Sequence

from msgspec import Raw as Json

from concierge.channels.decoding import bounded
from concierge.channels.model import Event
from concierge.errors import Malformed


def each(items: Sequence[Json], read: Callable[[Json, str], list[Event]], pointer: str = "") -> list[Event]:
    """What `read` finds in each item, told where it stands below `pointer`. Raises Malformed where none can be read."""
    events: list[Event] = []
    faults: list[Malformed] = []
    for n, item in enumerate(bounded(items)):
        try:
            events.extend(read(item, f"{pointer}/{n}"))
        except Malformed as fault:
            faults.append(fault)
    if faults and len(faults) == len(items):
        raise faults[0]
    return events
