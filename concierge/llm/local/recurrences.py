"""What comes again: `every Monday`, `every 2 weeks`, `on the 1st of each month`; `twice a month` is asked about."""

import re

from concierge.llm.local import monthly
from concierge.llm.local.monthly import CODES, EACH
from concierge.llm.local.offsets import DURATION, amount, on_the_calendar
from concierge.llm.local.parts import Limit, Part, PartOfDay, Reference, Repeat, Till, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import MONTH, ORDINAL_WORDS, WEEKDAY, WEEKDAYS, cardinal, either, weekday

_LONG = either(WEEKDAYS)
_UNITS = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_COUNT = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_AND = r"(?:,? and |, ?| & |/|,? or )"
_DAYS = rf"{WEEKDAY}s?(?:{_AND}(?:on )?(?:every )?{WEEKDAY}s?)*"
_OFTEN = {
    "daily": "FREQ=DAILY",
    "everyday": "FREQ=DAILY",
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
    found = [CODES[weekday(word)] for word in re.findall(rf"\b{WEEKDAY}(?=s?\b)", text)]
    return ",".join(sorted(dict.fromkeys(found), key=CODES.index))


@rule(rf"{EACH} (?P<days>{_DAYS})")
def on_days(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every monday and thursday`."""
    return Repeat(f"FREQ=WEEKLY;BYDAY={_codes(match['days'])}")


@rule(rf"{EACH} (?P<first>{WEEKDAY})(?: ?- ?| to | through | thru | till )(?P<last>{WEEKDAY})")
def on_days_between(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every mon-wed`."""
    first, last = weekday(match["first"]), weekday(match["last"])
    return Repeat(f"FREQ=WEEKLY;BYDAY={','.join(CODES[first : last + 1])}") if first < last else Unclear()


@rule(rf"(?:on )?(?P<days>{_LONG}s(?:{_AND}(?:on )?{_LONG}s)*)")
def on_plural_days(match: re.Match[str], _reference: Reference) -> Part | None:
    """`on mondays`, `tuesdays and thursdays`."""
    return Repeat(f"FREQ=WEEKLY;BYDAY={_codes(match['days'])}")


@rule(
    rf"{EACH} (?:(?P<other>other|second|2nd|alternate) |(?P<nth>third|3rd|fourth|4th) )(?P<unit>hour|day|week|month|"
    rf"year|(?P<day>{WEEKDAY}))(?: on (?P<on>{_DAYS}))?"
)
def every_other(match: re.Match[str], reference: Reference) -> Part | None:
    """`every other week`, `every second tuesday`; `every third friday` could be a month's."""
    if match["nth"] and match["day"]:
        return Unclear()
    interval = 2 if match["other"] else 3 if match["nth"][0] in "3t" else 4
    return _every(match["unit"], interval, match["day"] or match["on"] or "", reference)


@rule(
    rf"{EACH} (?:(?P<n>{_COUNT}|couple of) )?(?P<unit>hour|day|week|month|year|fortnight|quarter)s?(?: on "
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
    rf"{EACH} (?P<what>(?:week|work|working|business) ?day|weekend)s?|(?<!\d )(?<!in )(?<!few )(?:on )?(?<!on \d )"
    r"(?P<plural>weekdays|weekends|"
    r"(?:working|business|week) days)|(?P<range>mondays (?:to|through|till) fridays|mon ?- ?fri)"
)
def working_days(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every weekday`, `on weekends`."""
    return Repeat(_FREE if "weekend" in match[0] else _WORKING)


@rule(
    rf"{EACH} (?P<part>morning|evening|afternoon|night)|nightly|"
    r"(?:on|in the) (?P<parts>mornings|evenings|afternoons|nights)"
)
def every_part(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every morning`, `in the mornings`."""
    return Repeat("FREQ=DAILY", _PARTS[match["part"] or (match["parts"] or "nights")[:-1]])


@rule(
    rf"{EACH} (?P<day>{WEEKDAY}) (?P<part>morning|evening|afternoon|night)|(?:on )?(?P<plural>{_LONG}) "
    rf"(?P<parts>mornings|evenings|afternoons|nights)"
)
def every_weekday_part(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every friday morning`, `sunday evenings`."""
    part = match["part"] or match["parts"].rstrip("s")
    return Repeat(f"FREQ=WEEKLY;BYDAY={_codes(match['day'] or match['plural'])}", _PARTS[part])


@rule(
    rf"(?P<often>{either(_OFTEN)})(?: on (?P<on>{_DAYS}))?"
    r"(?= (?:at|on|from|starting|until|for|in|to(?!-))\b|[.,;!]|$)"
)
def often(match: re.Match[str], _reference: Reference) -> Part | None:
    """`weekly on friday`, `daily`; an adverb at its end or before a time, not `the daily report`."""
    base = _OFTEN[match["often"]]
    if not match["on"]:
        return Repeat(base)
    return Repeat(f"{base};BYDAY={_codes(match['on'])}") if "WEEKLY" in base else Unclear()


@rule(
    rf"(?:twice|three times|four times|several times|\d times) (?:a|per|every) (?:day|week|month|year)|"
    rf"{EACH} (?:{_COUNT} |few |{either(ORDINAL_WORDS)} )?(?:minutes?|seconds?|{MONTH}|few \w+)|"
    rf"{EACH} now and then|once in a while|from time to time|regularly"
)
def unclear(_match: re.Match[str], _reference: Reference) -> Part | None:
    """Again, but when?"""
    return Unclear()


@rule(r"(?:up )?(?:until|till|til|through|ending|ends)(?: on)?(?= )")
def till(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`every day until friday`."""
    return Till()


@rule(rf"(?:for )?(?P<n>{_COUNT})(?: times| occurrences| ?x)(?! (?:a|per|every))")
def times(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every day, 5 times`."""
    return Limit(count=cardinal(match["n"]))


@rule(rf"for (?:(?:the next |another |a total of )?(?P<duration>{DURATION})|the next (?P<unit>week|month|year))")
def lasting(match: re.Match[str], reference: Reference) -> Part | None:
    """`every day for two weeks`, `for the next year`."""
    total = amount(match["duration"] or f"a {match['unit']}")
    return None if {"s", "m", "h"} & total.keys() else Limit(last=on_the_calendar(reference.today, total))


ENDINGS = (till, times, lasting)
"""Rules that mean something only where a text speaks of what comes again."""

RULES = (
    on_days,
    on_days_between,
    on_plural_days,
    every_other,
    every_unit,
    working_days,
    every_part,
    every_weekday_part,
    often,
    *monthly.RULES,
    unclear,
)
