"""The time that a customer would rather come: a model reads the words, the code counts, on the clock of the place."""

from datetime import datetime

from concierge.bookings.model import Booking, When
from concierge.bookings.times import agreed
from concierge.clock import on_the_wall
from concierge.conversations.model import Message, Turn
from concierge.llm.purposes import ExtractPrompt, Grain, OpenQuestion, Reading, Said
from concierge.runtime import Runtime

EXACT: frozenset[Grain] = frozenset({"second", "minute", "hour"})
"""A day alone is no time for an appointment."""


async def time_named(
    runtime: Runtime, turn: Turn, message: Message, words: str, booking: Booking, now: datetime
) -> When | None:
    """The one exact time ahead that the words name; None: one has to ask. Raises ModelError."""
    if not words:
        return None
    prompt = ExtractPrompt(
        now=on_the_wall(message.received_at, booking.zone),
        zone=booking.zone,
        default_draft=False,
        questions=(OpenQuestion("Q1", "When would you like to come instead?"),),
        turns=(Said("contact", words),),
        unread=1,
        subject=None,
        private=(turn.conversation.contact_name,) if turn.conversation.contact_name else (),
        asker=str(turn.conversation.contact_id),
    )
    reading = (await runtime.ask(prompt, Reading, on=turn.behalf)).value
    read = [task.when for task in reading.tasks if task.when is not None and task.when.grain in EXACT]
    if len(read) != 1 or read[0].wall is None:
        return None
    return _ahead(read[0].wall, booking, now)


def _ahead(said: str, booking: Booking, now: datetime) -> When | None:
    try:
        wall = datetime.fromisoformat(said)
    except ValueError:
        return None
    if wall.tzinfo is not None:
        return None
    when = agreed(wall, None, booking.zone)
    if booking.ends_at is not None:
        when = When(when.starts_at, when.wall, when.zone, when.starts_at + (booking.ends_at - booking.starts_at))
    return when if when.starts_at > now else None
