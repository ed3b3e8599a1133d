"""Dates, zones and spans of time as each language writes them. Names and plurals are those of Unicode's CLDR."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from concierge.languages.counting import counted
from concierge.languages.speaking import spoken, words_of


class Calendar(Struct, frozen=True, forbid_unknown_fields=True):
    """How a language speaks of time. Patterns name their blanks: `{weekday} {day} {month} {year}`."""

    months: list[str]
    weekdays: list[str]
    first: str  # of a month: "1er"
    day_of_year: str
    day: str
    date: str  # with its weekday
    at: str  # a date with its time and zone
    zone: str
    comma: str
    last: str  # between the last two of a list
    plural: str
    minutes: dict[str, str]
    hours: dict[str, str]
    days: dict[str, str]


def calendar(language: str) -> Calendar:
    """The words of one of our languages, English for one we do not speak."""
    return words_of("concierge.languages.words", language, Calendar)


def date_of(at: datetime, zone: str, language: str) -> str:
    """`Friday 12 March 2027`."""
    return _written(calendar(language).date, at.astimezone(ZoneInfo(zone)), language)


def day_of(day: date, language: str) -> str:
    """`12 March 2027`."""
    return _written(calendar(language).day, day, language)


def day_of_year(month: int, day: int, language: str) -> str:
    """`12 March`."""
    names = calendar(language)
    return names.day_of_year.format(day=names.first if day == 1 else day, month=names.months[month - 1])


def time_of(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """`09:00`, which every language here reads."""
    return f"{at.astimezone(ZoneInfo(zone)):{'%H:%M:%S' if seconds else '%H:%M'}}"


def zone_of(at: datetime, zone: str, language: str) -> str:
    """`Berlin time, UTC+1`: the zone by its city, with what it is ahead of UTC on that day."""
    offset = _offset(at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta())
    area, _, city = zone.rpartition("/")
    if not area or area == "Etc":
        return offset
    named = _cities().get(zone, {}).get(spoken(language), city.replace("_", " "))
    return calendar(language).zone.format(city=named, offset=offset)


def full(at: datetime, zone: str, language: str) -> str:
    """`Friday 12 March 2027 at 09:00 (Berlin time, UTC+1)`."""
    return joined(date_of(at, zone, language), time_of(at, zone), zone_of(at, zone, language), language)


def joined(date: str, time: str, zone: str, language: str) -> str:
    """A date, its time and its zone, each in words."""
    return calendar(language).at.format(date=date, time=time, zone=zone)


def until(span: timedelta, language: str) -> str:
    """`in 2 hours`: in minutes up to an hour and a half, in hours up to two days, then in days; rounded."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    names = calendar(language)
    if minutes < 90:
        n, forms = minutes, names.minutes
    elif minutes < 48 * 60:
        n, forms = round(minutes / 60), names.hours
    else:
        n, forms = round(minutes / 1440), names.days
    return counted(forms, n, names.plural)


def _written(pattern: str, day: date, language: str) -> str:
    names = calendar(language)
    return pattern.format(
        weekday=names.weekdays[day.weekday()],
        day=names.first if day.day == 1 else day.day,
        month=names.months[day.month - 1],
        year=day.year,
    )


def _offset(offset: timedelta) -> str:
    minutes = round(offset / timedelta(minutes=1))
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _cities() -> Mapping[str, Mapping[str, str]]:
    """Names of cities where a language has its own, by zone."""
    source = resources.files("concierge.languages").joinpath("cities.json").read_bytes()
    return msgspec.json.decode(source, type=dict[str, dict[str, str]])
