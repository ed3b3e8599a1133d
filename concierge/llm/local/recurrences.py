"""What comes again: `every Monday`, `every 2 weeks`, `on the 1st of each month`; `twice a month` is asked about."""

import re

from concierge.llm.local.offsets import DURATION, amount, on_the_calendar
from concierge.llm.local.parts import Limit, Part, PartOfDay, Reference, Repeat, Till, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import (
    MONTH,
    ORDINAL,
    ORDINAL_WORDS,
    WEEKDAY,
    WEEKDAYS,
    cardinal,
    either,
    month,
    ordinal,
    weekday,
)

_LONG = either(WEEKDAYS)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_COUNT = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_AND = r"(?:,? and |, ?| & |/|,? or )"
_DAYS = rf"{WEEKDAY}s?(?:{_AND}(?:on )?(?:every )?{WEEKDAY}s?)*"
_EACH = r"(?:every|each)"
_OFTEN = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "bi-weekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
    "annually": "FREQ=YEARLY",
    "hourly": "FREQ=HOURLY",
    "once a day": "FREQ=DAILY",
    "once a week": "FREQ=WEEKLY",
    "once a month": "FREQ=MONTHLY",
    "once a year": "FREQ=YEARLY",
}
_WORKING = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
_FREE = "FREQ=WEEKLY;BYDAY=SA,SU"
_PARTS: dict[str, PartOfDay] = {
    "morning": "morning",
    "evening": "evening",
    "afternoon": "afternoon",
    "night": "night",
}


def _codes(text: str) -> str:
    found = [_CODES[weekday(word)] for word in re.findall(rf"\b{WEEKDAY}(?=s?\b)", text)]
    return ",".join(sorted(dict.fromkeys(found), key=_CODES.index))


@rule(rf"{_EACH} (?P<days>{_DAYS})")
def on_days(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every monday and thursday`."""
    return Repeat(f"FREQ=WEEKLY;BYDAY={_codes(match['days'])}")


@rule(rf"(?:on )?(?P<days>{_LONG}s(?:{_AND}(?:on )?{_LONG}s)*)")
def on_plural_days(match: re.Match[str], _reference: Reference) -> Part | None:
    """`on mondays`, `tuesdays and thursdays`."""
    return Repeat(f"FREQ=WEEKLY;BYDAY={_codes(match['days'])}")


@rule(
    rf"{_EACH} (?:(?P<other>other|second|2nd|alternate) |(?P<nth>third|3rd|fourth|4th) )(?P<unit>hour|day|week|month|"
    rf"year|(?P<day>{WEEKDAY}))(?: on (?P<on>{_DAYS}))?"
)
def every_other(match: re.Match[str], reference: Reference) -> Part | None:
    """`every other week`, `every second tuesday`; `every third friday` could be a month's."""
    if match["nth"] and match["day"]:
        return Unclear()
    interval = 2 if match["other"] else 3 if match["nth"][0] in "3t" else 4
    return _every(match["unit"], interval, match["day"] or match["on"] or "", reference)


@rule(
    rf"{_EACH} (?:(?P<n>{_COUNT}|couple of) )?(?P<unit>hour|day|week|month|year|fortnight|quarter)s?(?: on "
    rf"(?P<on>{_DAYS}))?"
)
def every_unit(match: re.Match[str], reference: Reference) -> Part | None:
    """`every 2 weeks on friday`, `every day`, `every quarter`."""
    word = match["n"]
    interval = 1 if word is None else 2 if word == "couple of" else cardinal(word)
    unit = match["unit"]
    if unit == "fortnight":
        return _every("week", interval * 2, match["on"] or "", reference)
    if unit == "quarter":
        return _every("month", interval * 3, "", reference)
    return _every(unit, interval, match["on"] or "", reference)


def _every(unit: str, interval: int, days: str, _reference: Reference) -> Part:
    if interval < 1 or (days and unit not in {"week", *re.findall(WEEKDAY, unit)}):
        return Unclear()
    frequency = _UNITS.get(unit, "WEEKLY")
    named = f";BYDAY={_codes(days)}" if days else ""
    return Repeat(f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else "") + named)


@rule(
    rf"{_EACH} (?P<what>(?:week|work|working|business) ?day|weekend)s?|(?<!\d )(?<!in )(?<!few )(?:on )?(?<!on \d )"
    r"(?P<plural>weekdays|weekends|"
    r"(?:working|business|week) days)|(?P<range>mondays (?:to|through|till) fridays|mon ?- ?fri)"
)
def working_days(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every weekday`, `on weekends`."""
    return Repeat(_FREE if "weekend" in match[0] else _WORKING)


@rule(rf"{_EACH} (?P<part>morning|evening|afternoon|night)|nightly")
def every_part(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every morning`."""
    return Repeat("FREQ=DAILY", _PARTS[match["part"] or "night"])


@rule(
    rf"{_EACH} (?P<day>{WEEKDAY}) (?P<part>morning|evening|afternoon|night)|(?:on )?(?P<plural>{_LONG}) "
    rf"(?P<parts>mornings|evenings|afternoons|nights)"
)
def every_weekday_part(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every friday morning`, `sunday evenings`."""
    part = match["part"] or match["parts"].rstrip("s")
    return Repeat(f"FREQ=WEEKLY;BYDAY={_codes(match['day'] or match['plural'])}", _PARTS[part])


@rule(
    rf"(?P<often>{either(_OFTEN)})(?: on (?P<on>{_DAYS}))?(?= at\b| on\b| from\b| starting\b| until\b| for\b|[.,;!]|$)"
)
def often(match: re.Match[str], _reference: Reference) -> Part | None:
    """`weekly on friday`, `daily`; an adverb at its end or before a time, not `the daily report`."""
    base = _OFTEN[match["often"]]
    if not match["on"]:
        return Repeat(base)
    return Repeat(f"{base};BYDAY={_codes(match['on'])}") if "WEEKLY" in base else Unclear()


_OF_MONTH = r"(?:of|in) (?:every|each|the) (?P<other>other |second )?month"


@rule(
    rf"(?:on )?(?:the )?(?:(?P<n>{ORDINAL})|(?P<last>last)) (?P<what>day|weekday|working day|business day|{_LONG})? ?"
    rf"(?:of|in) (?:every|each) (?P<other>other |second )?month|"
    rf"{_EACH} month on the (?:(?P<late>{ORDINAL})(?! {_LONG})|(?P<final>last)(?: day)?)|"
    rf"monthly on the (?P<monthly>{ORDINAL})|{_EACH} (?P<number>\d{{1,2}}(?:st|nd|rd|th))"
)
def of_month(match: re.Match[str], _reference: Reference) -> Part | None:
    """`on the 1st of each month`, `the last friday of every month`."""
    base = "FREQ=MONTHLY" + (";INTERVAL=2" if match["other"] else "")
    word = match["n"] or match["late"] or match["monthly"] or match["number"]
    place = ordinal(word) if word else -1
    what = match["what"]
    if what in WEEKDAYS:
        return Repeat(f"{base};BYDAY={place}{_CODES[WEEKDAYS[what]]}") if place <= 5 else Unclear()
    if what in {"weekday", "working day", "business day"}:
        return Repeat(f"{base};BYDAY=MO,TU,WE,TH,FR;BYSETPOS={place}")
    return Repeat(f"{base};BYMONTHDAY={place}") if place <= 31 else Unclear()


@rule(
    rf"{_EACH} (?:year on )?(?:(?:the )?(?P<month>{MONTH}) (?:the )?(?P<day>{ORDINAL}|\d{{1,2}})|(?:the "
    rf")?(?P<d>{ORDINAL}|\d{{1,2}}) "
    rf"(?:of )?(?P<m>{MONTH}))|(?:on )?(?:(?P<mm>{MONTH}) (?P<dd>{ORDINAL}|\d{{1,2}})) (?:every|each) year"
)
def every_date(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every 1 march`, `every year on june 3rd`."""
    name = match["month"] or match["m"] or match["mm"]
    word = match["day"] or match["d"] or match["dd"]
    day = int(word) if word.isdigit() else ordinal(word)
    return Repeat(f"FREQ=YEARLY;BYMONTH={month(name)};BYMONTHDAY={day}")


@rule(
    rf"(?:twice|three times|four times|several times|\d times) (?:a|per|every) (?:day|week|month|year)|"
    rf"{_EACH} (?:{_COUNT} |few |{either(ORDINAL_WORDS)} )?(?:minutes?|seconds?|{MONTH}|few \w+)|"
    rf"{_EACH} now and then|once in a while|from time to time|regularly"
)
def unclear(_match: re.Match[str], _reference: Reference) -> Part | None:
    """Again, but when?"""
    return Unclear()


@rule(r"(?:up )?(?:until|till|til|through|ending|ends)(?: on)?(?= )")
def till(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`every day until friday`."""
    return Till()


@rule(rf"(?:for )?(?P<n>{_COUNT}) (?:times|occurrences)(?! (?:a|per|every))")
def times(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every day, 5 times`."""
    return Limit(count=cardinal(match["n"]))


@rule(rf"for (?:the next |another |a total of )?(?P<duration>{DURATION})")
def lasting(match: re.Match[str], reference: Reference) -> Part | None:
    """`every day for two weeks`."""
    total = amount(match["duration"])
    return None if {"s", "m", "h"} & total.keys() else Limit(last=on_the_calendar(reference.today, total))


ENDINGS = (till, times, lasting)
"""Rules that mean something only where a text speaks of what comes again."""

RULES = (
    on_days,
    on_plural_days,
    every_other,
    every_unit,
    working_days,
    every_part,
    every_weekday_part,
    often,
    of_month,
    every_date,
    unclear,
)
