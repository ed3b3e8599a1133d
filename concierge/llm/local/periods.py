"""Stretches that are too long to act on, and words that name no time: `next week`, `in March`, `soon`, `later`."""

import re
from datetime import date, timedelta

from concierge.llm.local.offsets import add_months
from concierge.llm.local.parts import Moment, Part, Past, Reference, Wide
from concierge.llm.local.rules import rule
from concierge.llm.local.weekdays import monday_of
from concierge.llm.local.words import MONTH, ORDINAL, month
from concierge.llm.purposes import Grain

_LEAD = (
    r"(?:(?:sometime|some time|any ?time|someday|later|early|earlier|late|at the end of|(?:by |towards? |"
    r"before )?the end of|end of|"
    r"at the (?:start|beginning) of|(?:the )?(?:start|beginning|middle|rest) of|mid|over|during|in|within|"
    r"throughout)[ -]){0,4}"
)
_WHICH = r"(?P<which>this coming|the coming|coming|upcoming|this|next|the next|the following|following|the|after the)"
_STEP: dict[str, int] = {"this": 0, "the": 0}
_GRAINS: dict[str, Grain] = {
    "week": "week",
    "weekend": "weekend",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}


def _start(grain: Grain, step: int, today: date) -> date | None:
    if grain in {"week", "weekend"}:
        return monday_of(today) + timedelta(days=7 * step)
    if grain == "month":
        return add_months(today.replace(day=1), step)
    return date(today.year + step, 1, 1) if grain == "year" else None


@rule(rf"{_LEAD}{_WHICH} (?P<unit>weekend|week|month|quarter|year)(?P<after> after next)?(?! (?:of|in)\b)")
def stretch(match: re.Match[str], reference: Reference) -> Part | None:
    """`next week`, `the end of this month`, `the week after next`."""
    which, grain = match["which"], _GRAINS[match["unit"]]
    bare = match[0] in {f"the {match['unit']}", match["unit"]} and grain != "weekend"
    if bare and not match["after"]:
        return None
    step = 2 if match["after"] else _STEP.get(which, 1)
    return Wide(grain, _start(grain, step, reference.today))


@rule(
    r"(?:by |at |before |towards? )?(?:the )?(?P<unit>eow|eom|eoq|eoy|(?:end|start|beginning|middle) of (?P<of>week|"
    r"month|quarter|year)|(?:week|month|year)[ -]?end)"
)
def end_of(match: re.Match[str], reference: Reference) -> Part | None:
    """`EOW`, `end of month`."""
    letters: dict[str, Grain] = {
        "eow": "week",
        "eom": "month",
        "eoq": "quarter",
        "eoy": "year",
        "week": "week",
        "mont": "month",
        "year": "year",
    }
    grain: Grain = (
        _GRAINS[match["of"]]
        if match["of"]
        else letters.get(match["unit"][:4].strip(), letters.get(match["unit"][:3], "week"))
    )
    if match["unit"].startswith("weekend"):
        return Wide("weekend", monday_of(reference.today))
    return Wide(grain, _start(grain, 0, reference.today))


@rule(r"(?:over the |on the |at the |during the |at |on |sometime )?weekend")
def weekend(_match: re.Match[str], reference: Reference) -> Part | None:
    """`at the weekend`."""
    return Wide("weekend", monday_of(reference.today))


@rule(
    rf"(?:(?:the )?week (?:of|beginning|starting|commencing)|w/c)(?: on| the| monday)*(?= )|(?:the )?(?:{ORDINAL}|"
    rf"last) week (?:of|in) (?:{MONTH}|(?:this|next|the) month)"
)
def week_of(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`the week of March 3`, `the second week of May`."""
    return Wide("week")


@rule(
    rf"{_LEAD}(?P<lead>in|of|during|next|this|by|until|before|after|since|late|early|mid|for|(?:end|middle|beginning|"
    rf"start) of)[ -]"
    rf"(?P<month>{MONTH})(?:,? (?P<year>20\d\d))?(?! ?\d)"
)
def in_month(match: re.Match[str], reference: Reference) -> Part | None:
    """`in March`, `by the end of June`."""
    if match["month"] == "may" and match["lead"] not in {"in", "of", "next", "this", "by", "until", "during", "mid"}:
        return None
    of_month = month(match["month"])
    year = int(match["year"]) if match["year"] else reference.today.year + (of_month < reference.today.month)
    return Wide("month", date(year, of_month, 1))


@rule(
    rf"{_LEAD}(?:in|during|by|for|of|end of) (?P<year>20\d\d)|(?:the )?(?:q[1-4]|(?:first|second|third|fourth|"
    rf"last) quarter)(?: (?:of )?(?:20\d\d|(?:this|next) year))?"
)
def in_year(match: re.Match[str], _reference: Reference) -> Part | None:
    """`in 2028`, `Q3`."""
    return Wide("year" if match["year"] else "quarter")


@rule(
    r"(?:in |during |next |this |by )(?:the )?(?:early |late )?(?:spring|summer|autumn|fall|winter|new year|holidays|"
    r"decade|century)"
)
def season(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`this summer`."""
    return Wide("quarter")


@rule(
    r"(?:at )?(?:sometime|some time|someday|some day|some other time|any ?time(?: soon)?|one day|one of these days|"
    r"at some point|"
    r"some point|in due (?:course|time)|when(?:ever)? (?:i|you|we) (?:have|get|can|find|'re|are) ?(?:a |the |"
    r"some )?(?:time|chance|moment|free|around)?|"
    r"whenever|soon(?:ish)?|as soon as (?:possible|you can|i can)|asap|shortly|in a (?:bit|while|moment|"
    r"minute or two|little while|second or two)|"
    r"(?:a (?:bit|little|while) )?later(?: on)?(?! than)|eventually|before long|in the (?:near |coming )?future|"
    r"another (?:day|time)|"
    r"down the (?:line|road)|the near future|in the (?:coming|next) (?:days|weeks|months))"
)
def vague(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`soon`, `later`, `at some point`."""
    return Wide("vague")


@rule(r"right now|right away|immediately|straight ?away|at once|now(?=$|[.!,])")
def now(_match: re.Match[str], reference: Reference) -> Part | None:
    """`right now`."""
    return Moment(reference.now.replace(microsecond=0), "second")


@rule(
    r"(?:last|past|previous|the (?:past|previous)) (?:(?:few |couple of |\w+ )?(?:weekend|week|month|quarter|year|"
    r"summer|winter|spring|autumn|fall)s?|"
    + MONTH
    + r")(?:'s)?|(?:recently|already|a while back|so far|the other (?:day|week))"
)
def gone(match: re.Match[str], _reference: Reference) -> Part | None:
    """`last month`, `recently`."""
    return None if match[0] == "already" else Past()


@rule(rf"{MONTH},? (?:of )?(?P<year>20\d\d)|^{MONTH}$")
def month_alone(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`March 2027`."""
    return Wide("month")


RULES = (stretch, end_of, weekend, week_of, in_month, month_alone, in_year, season, vague, now, gone)
