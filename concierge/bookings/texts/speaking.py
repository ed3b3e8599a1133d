"""Dates, zones and spans of time as each language writes them. Names and plurals are those of Unicode's CLDR.

A language that we do not speak is answered in English.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

FIRST = "en"
LANGUAGES = ("en", "ar", "de", "es", "fr", "hi", "it", "nl", "pl", "pt")


class Language(Struct, frozen=True):
    """How a language speaks of time, and our words in it."""

    months: list[str]
    weekdays: list[str]
    date: str
    at: str
    zone: str
    plural: str
    minutes: dict[str, str]
    hours: dict[str, str]
    days: dict[str, str]
    reminder: list[str]  # lines
    reminder_subject: str
    cancellation: list[str]
    cancellation_subject: str
    answers: dict[str, str]


def spoken(language: str) -> str:
    """The language of ours that stands for `language`: "pt_BR" is "pt"; English for one we do not speak."""
    first = language.replace("-", "_").partition("_")[0].lower()
    return first if first in LANGUAGES else FIRST


@cache
def words(language: str) -> Language:
    """One of ours."""
    source = resources.files("concierge.bookings.texts.languages").joinpath(f"{spoken(language)}.json").read_bytes()
    return msgspec.json.decode(source, type=Language)


def date_of(at: datetime, zone: str, language: str) -> str:
    """`Friday 12 March 2027`."""
    wall, names = at.astimezone(ZoneInfo(zone)), words(language)
    return names.date.format(
        weekday=names.weekdays[wall.weekday()], day=wall.day, month=names.months[wall.month - 1], year=wall.year
    )


def time_of(at: datetime, zone: str) -> str:
    """`09:00`, which every language here reads."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def zone_of(at: datetime, zone: str, language: str) -> str:
    """`Berlin time, UTC+1`: the zone by its city, with what it is ahead of UTC on that day."""
    offset = _offset(at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta())
    area, _, city = zone.rpartition("/")
    if not area or area == "Etc":
        return offset
    named = _cities().get(zone, {}).get(spoken(language), city.replace("_", " "))
    return words(language).zone.format(city=named, offset=offset)


def full(at: datetime, zone: str, language: str) -> str:
    """`Friday 12 March 2027 at 09:00 (Berlin time, UTC+1)`."""
    return words(language).at.format(
        date=date_of(at, zone, language), time=time_of(at, zone), zone=zone_of(at, zone, language)
    )


def until(span: timedelta, language: str) -> str:
    """`in 2 hours`: in minutes up to an hour and a half, in hours up to two days, then in days; rounded."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    names = words(language)
    if minutes < 90:
        n, forms = minutes, names.minutes
    elif minutes < 48 * 60:
        n, forms = round(minutes / 60), names.hours
    else:
        n, forms = round(minutes / 1440), names.days
    return forms.get(_PLURALS[names.plural](n), forms["other"]).format(n=n)


def _offset(offset: timedelta) -> str:
    minutes = round(offset / timedelta(minutes=1))
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _cities() -> Mapping[str, Mapping[str, str]]:
    """Names of cities where a language has its own, by zone."""
    source = resources.files("concierge.bookings.texts").joinpath("cities.json").read_bytes()
    return msgspec.json.decode(source, type=dict[str, dict[str, str]])


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "other"


def _arabic(n: int) -> str:
    if n in {1, 2}:
        return ("one", "two")[n - 1]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 99 else "other"


_PLURALS: Mapping[str, Callable[[int], str]] = {
    "one": lambda n: "one" if n == 1 else "other",
    "zero_one": lambda n: "one" if n in {0, 1} else "other",
    "polish": _polish,
    "arabic": _arabic,
}
"""Which form a whole number takes."""
