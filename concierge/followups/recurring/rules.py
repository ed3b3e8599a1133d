"""Follow-ups that come again: RRULEs (RFC 5545) on the wall clock. Pure.

A rule is expanded from the wall time of its first occurrence, and only then does a zone make an instant of each: nine
o'clock stays nine o'clock when the clocks change.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

FARTHEST = timedelta(days=3660)
LONGEST = 200  # characters of a rule
MOST_INTERVAL = 400
_FREQUENCIES = frozenset({"HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_KEPT = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "COUNT", "UNTIL")
_DAY = re.compile(r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)")


def checked(rule: str, first: datetime) -> str | None:
    """The rule as it is kept, and None for one that cannot be followed: too often, too odd, or never after `first`.

    Times of day are the first occurrence's, so BYHOUR and its like are left out. `first` is naive.
    """
    if len(rule) > LONGEST:
        return None
    try:
        parts = parts_of(rule)
        if parts.get("FREQ") not in _FREQUENCIES or not 1 <= int(parts.get("INTERVAL", "1")) <= MOST_INTERVAL:
            return None
        if not _comes_true(parts):
            return None
        kept = ";".join(f"{name}={parts[name]}" for name in _KEPT if name in parts)
        return kept if following(kept, first, first - timedelta(seconds=1)) is not None else None
    except (ValueError, OverflowError):
        return None


def _comes_true(parts: dict[str, str]) -> bool:
    """Whether its parts go together: one that never comes true would be searched to the end of the calendar.

    Raises ValueError for what is no number, and no month.
    """
    by = {name for name in parts if name.startswith("BY")}
    if parts["FREQ"] in {"HOURLY", "DAILY", "WEEKLY"} and not by <= ({"BYDAY"} if parts["FREQ"] != "HOURLY" else set()):
        return False
    numbers = {name: [int(each) for each in parts[name].split(",")] for name in by - {"BYDAY"}}
    months = numbers.get("BYMONTH", [1])
    days = numbers.get("BYMONTHDAY", [1])
    return (
        all(0 < abs(each) <= min(monthrange(2028, month)[1] for month in months) for each in days)
        and all(abs(each) <= 23 for each in numbers.get("BYSETPOS", [1]))
        and all(_DAY.fullmatch(day) for day in parts.get("BYDAY", "MO").split(","))
    )


def parts_of(rule: str) -> dict[str, str]:
    """Its parts by name, without those that are as usual. Raises ValueError."""
    words = rule.upper().removeprefix("RRULE:").replace(" ", "").rstrip(";")
    parts = dict(word.split("=", 1) for word in words.split(";"))
    if any("," in parts.get(name, "") for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise ValueError(rule)
    if until := parts.get("UNTIL", "").removesuffix("Z"):
        parts["UNTIL"] = until if "T" in until else f"{until}T235959"
        datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S")  # noqa: DTZ007  a wall time
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    return {name: value for name, value in parts.items() if name not in {"BYHOUR", "BYMINUTE", "BYSECOND"}}


def following(rule: str, first: datetime, after: datetime) -> datetime | None:
    """The next occurrence later than `after`; None when there is none within ten years. Everything is wall time."""
    horizon = max(first, after) + FARTHEST
    parts = parts_of(rule)
    if "COUNT" not in parts:
        parts["UNTIL"] = min(parts.get("UNTIL", "9"), f"{horizon:%Y%m%dT%H%M%S}")
    elif parts["FREQ"] != "HOURLY" and int(parts["COUNT"]) > 4_000:
        raise ValueError(rule)
    each: datetime | None = rrulestr(";".join(f"{k}={v}" for k, v in parts.items()), dtstart=first).after(after)
    return each if each is not None and each <= horizon else None
