"""A rule in words: every Monday, every 2 weeks on Friday, on the 3rd of every month. Pure."""

from collections.abc import Sequence
from datetime import datetime

from concierge.followups.recurring.rules import parts_of
from concierge.followups.texts.phrases import Rhythm, phrases
from concierge.languages.counting import counted, listed
from concierge.languages.dates import Calendar, calendar, day_of, day_of_year

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS = "MO,TU,WE,TH,FR"


def described(rule: str, wall: datetime, language: str) -> str:
    """`every Monday and Thursday until 30 June 2027`, without the time of day. `rule` was `checked`."""
    parts, words = parts_of(rule), phrases(language).rhythm
    often = _often(parts, wall, language)
    if "UNTIL" in parts:
        end = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S")  # noqa: DTZ007  a wall time
        often = words.until.format(often=often, day=day_of(end, language))
    if "COUNT" in parts:
        times = counted(words.times, int(parts["COUNT"]), calendar(language).plural)
        often = words.counted.format(often=often, times=times)
    return often


def _often(parts: dict[str, str], wall: datetime, language: str) -> str:
    words, names = phrases(language).rhythm, calendar(language)
    frequency, n, days = parts["FREQ"], int(parts.get("INTERVAL", "1")), parts.get("BYDAY", "")
    if frequency in {"HOURLY", "DAILY"} and not days:
        return counted(words.hour if frequency == "HOURLY" else words.day, n, names.plural)
    if frequency in {"DAILY", "WEEKLY"} or _comes_weekly(parts):
        return words.weekdays if days == _WEEKDAYS and n == 1 else _weekly(parts, wall, language)
    if frequency == "MONTHLY" and "BYMONTH" not in parts:
        every = counted(words.month, n, names.plural)
        return words.monthly.format(every=every, days=_in_month(parts, wall, language))
    return _yearly(parts, wall, language)


def _comes_weekly(parts: dict[str, str]) -> bool:
    """Whether "monthly on Mondays" means all of them."""
    others = parts.keys() - {"FREQ", "BYDAY", "UNTIL", "COUNT"}
    return "BYDAY" in parts and not others and not any(each.isdigit() for each in parts["BYDAY"])


def _weekly(parts: dict[str, str], wall: datetime, language: str) -> str:
    words, names, n = phrases(language).rhythm, calendar(language), int(parts.get("INTERVAL", "1"))
    numbers = [_DAYS.index(day[-2:]) for day in parts["BYDAY"].split(",")] if "BYDAY" in parts else [wall.weekday()]
    every = counted(words.day if parts["FREQ"] == "DAILY" else words.week, n, names.plural)
    pattern = words.each if n == 1 else words.each_of
    days, on_days = _named(numbers, names.weekdays, names), _named(numbers, words.on_weekdays or names.weekdays, names)
    return pattern.format(every=every, days=days, on_days=on_days)


def _yearly(parts: dict[str, str], wall: datetime, language: str) -> str:
    """Also of months that are named, whichever way the rule goes about it."""
    words, names = phrases(language).rhythm, calendar(language)
    n = int(parts.get("INTERVAL", "1")) if parts["FREQ"] == "YEARLY" else 1
    every = counted(words.year, n, names.plural)
    months = [int(each) for each in parts.get("BYMONTH", str(wall.month)).split(",")]
    days = [int(each) for each in parts.get("BYMONTHDAY", str(wall.day)).split(",")]
    if "BYDAY" not in parts and min(days) > 0:
        dates = [day_of_year(month, day, language) for month in months for day in days]
        return words.yearly.format(every=every, dates=listed(dates, names.comma, names.last))
    in_months = listed([names.months[month - 1] for month in months], names.comma, names.last)
    return words.yearly_nth.format(every=every, days=_in_month(parts, wall, language), months=in_months)


def _in_month(parts: dict[str, str], wall: datetime, language: str) -> str:
    """`1st and last day`, `first Monday`."""
    words, names = phrases(language).rhythm, calendar(language)
    if by_day := parts.get("BYDAY"):
        return _nth(by_day.split(","), parts.get("BYSETPOS"), words, names)
    numbers = [int(each) for each in parts.get("BYMONTHDAY", str(wall.day)).split(",")]
    return listed([_day_of_month(each, words) for each in numbers], names.comma, names.last)


def _day_of_month(number: int, words: Rhythm) -> str:
    if number == -1:
        return words.last_day
    return counted(words.day_of_month, number, words.ordinal) if number > 0 else words.from_end.format(n=-number)


def _nth(days: Sequence[str], places: str | None, words: Rhythm, names: Calendar) -> str:
    """`first Monday`; of several days with a place of their own each, `first Monday and last Friday`."""
    weekdays = words.nth_weekdays or names.weekdays
    numbers = [_DAYS.index(day[-2:]) for day in days]
    if places:
        working = ",".join(days) == _WEEKDAYS
        named = words.weekday if working else _named(numbers, weekdays, names)
        feminine = not working and numbers[0] in words.feminine
        each = [_placed(place, named, words, feminine=feminine) for place in places.split(",")]
    else:
        each = [
            _placed(day[:-2], weekdays[number], words, feminine=number in words.feminine)
            for day, number in zip(days, numbers, strict=True)
        ]
    return listed(each, names.comma, names.last)


def _placed(place: str, day: str, words: Rhythm, *, feminine: bool) -> str:
    if not place:
        return day
    forms = words.places.get(place.lstrip("+"), [place])
    return words.nth.format(place=forms[-1 if feminine else 0], day=day)


def _named(numbers: Sequence[int], weekdays: Sequence[str], names: Calendar) -> str:
    return listed([weekdays[number] for number in numbers], names.comma, names.last)
