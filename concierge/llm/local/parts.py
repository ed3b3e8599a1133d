"""The pieces an expression of time is made of, each already set against the present moment.

`rules` make them, `spans` lays neighbours side by side, `resolving` joins them into one time.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from concierge.llm.purposes import Grain

Half = Literal["am", "pm", "night"]
PartOfDay = Literal["morning", "afternoon", "evening", "night"]


class Reference(Struct, frozen=True):
    """What expressions are relative to."""

    now: datetime  # naive, on the contact's wall clock
    zone: ZoneInfo
    month_first: bool | None  # 1/5 is January 5; None: nobody knows

    @property
    def today(self) -> date:
        """The contact's."""
        return self.now.date()


class Day(Struct, frozen=True):
    """A calendar day. A free one can still be moved by a neighbour: `Friday` by `next week`, `the 5th` by `March`."""

    on: date
    free: Literal["weekday", "monthday", "week"] | None = None  # week: any day of the week that `on` lies in


class Clock(Struct, frozen=True):
    """A time of day. Unsettled: hour 1 to 12 with neither am nor pm."""

    hour: int
    minute: int | None = None
    second: int | None = None
    settled: bool = True
    zone: ZoneInfo | None = None  # another zone than the contact's, where one was named
    midnight: bool = False  # the word itself, which says nothing about which end of the day


class DayPart(Struct, frozen=True):
    """A morning, an evening: one local time that stands for it, and what it makes of a bare hour."""

    hour: int
    minute: int
    half: Half
    today: bool = False  # "this morning", "tonight": never tomorrow's


class Moment(Struct, frozen=True):
    """A finished time, from an offset in hours, minutes or seconds."""

    at: datetime  # naive wall clock
    grain: Grain


class Wide(Struct, frozen=True):
    """A stretch too long to act on, or words that name no time at all ("soon")."""

    grain: Grain
    start: date | None = None  # first day, where there is one


class Shift(Struct, frozen=True):
    """A distance from the time named right after it: `two days before …`."""

    move: Callable[[datetime], datetime]
    grain: Grain


class Repeat(Struct, frozen=True):
    """What comes again, as an RRULE; `daypart` where a part of the day came with it (`every morning`)."""

    rule: str
    daypart: PartOfDay | None = None


class Till(Struct, frozen=True):
    """The word that leads up to the last day of what comes again."""


class Limit(Struct, frozen=True):
    """The end of what comes again: after so many times, or with this day."""

    count: int | None = None
    last: date | None = None


class Later(Struct, frozen=True):
    """The end of a stretch whose beginning counts; its last day, which ends what comes again."""

    last: date | None = None


class Unclear(Struct, frozen=True):
    """Words about time that one has to ask about: `in a few days`, `twice a week`."""


class Past(Struct, frozen=True):
    """A time that is gone: `last Tuesday`, `two days ago`."""


Part = Day | Clock | DayPart | Moment | Wide | Shift | Repeat | Till | Limit | Later | Unclear | Past
