"""What of a reading the messages bear out: a model's word is not enough to fire at a time nobody named. Pure."""

from collections.abc import Sequence
from datetime import datetime

from concierge.clock import on_the_wall
from concierge.conversations.model import Message, Turn
from concierge.followups.scheduling import Due, Unclear, resolve
from concierge.followups.scheduling import reference as written_at
from concierge.llm.local import supports
from concierge.llm.purposes import When

LONGEST = 500  # characters


def source(messages: Sequence[Message], *quotes: str) -> Message:
    """The message that holds the first of these quotes that any holds, else the newest one."""
    held = (each for quote in quotes if _bare(quote) for each in messages if _bare(quote) in _bare(each.text))
    return next(held, messages[-1])


def evidence(message: Message, *quotes: str) -> str | None:
    """The first of these quotes that stands in the message."""
    return next((quote[:LONGEST] for quote in quotes if _bare(quote) and _bare(quote) in _bare(message.text)), None)


def stands(quote: str, messages: Sequence[Message]) -> bool:
    """Whether somebody has really written this."""
    return bool(_bare(quote)) and any(_bare(quote) in _text(each) for each in messages)


def settled(when: When | None, turn: Turn, *, now: datetime, kept: datetime | None = None) -> Due | Unclear:
    """When to act; to be asked about where the new messages do not name that time.

    `kept` is the wall time of what is changed: another day keeps its time of day, another time its day.
    """
    messages, zone = turn.readable, turn.conversation.zone
    due = resolve(when, zone=zone, now=now)
    if when is None or isinstance(due, Unclear):
        return due
    said = source(messages, when.quote)
    wall = on_the_wall(written_at(said.sent_at, said.received_at), zone)
    around = [*(each.text for each in messages), *(each.text for each in turn.history)]
    if stands(when.quote, messages) and supports(when, now=wall, zone=zone, text=said.text, around=around, kept=kept):
        return due
    return Unclear("unsupported")


def _text(message: Message) -> str:
    return _bare(f"{message.subject or ''}\n{message.text}")


def _bare(text: str) -> str:
    """Without what a model straightens when it copies: case, blanks, curly quotes and long dashes."""
    return " ".join(text.casefold().translate(_STRAIGHT).split())


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\0": " "})
