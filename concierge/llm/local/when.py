"""From words to `When`: the one time a text names, if it names one."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from concierge.llm.local.beside import left_over
from concierge.llm.local.parts import Half, Reference
from concierge.llm.local.resolving import ASK, Resolved
from concierge.llm.local.spans import Span, read_span
from concierge.llm.patterns import regex
from concierge.llm.purposes import When

_MONTH_FIRST = regex(
    r"US/|Etc/|UTC|GMT|America/(?:New_York|Detroit|Kentucky/|Indiana/|Chicago|Menominee|North_Dakota/|Denver|Boise|"
    r"Phoenix|"
    r"Los_Angeles|Anchorage|Juneau|Sitka|Metlakatla|Yakutat|Nome|Adak|Toronto|Vancouver|Winnipeg|Edmonton|Halifax|"
    r"Puerto_Rico)"
    r"|Pacific/(?:Honolulu|Guam)|Asia/(?:Tokyo|Seoul|Shanghai|Taipei|Manila)"
)
_DAY_FIRST = regex(
    r"Europe/(?:London|Dublin|Malta|Gibraltar|Jersey|Guernsey|Isle_of_Man)|Australia/|Pacific/(?:Auckland|Chatham|Fiji)|"
    r"Africa/(?:Johannesburg|Lagos|Nairobi|Accra|Kampala|Harare|Lusaka)|Asia/(?:Kolkata|Calcutta|Karachi|Dhaka|Colombo|"
    r"Singapore|Hong_Kong|Kuala_Lumpur)|GB|NZ|Eire"
)
_MEALS: tuple[tuple[re.Pattern[str], Half], ...] = (
    (regex(r"\b(?:breakfast|sunrise|wake(?: me)? up)\b"), "am"),
    (regex(r"\b(?:dinner|supper|drinks|lunch|party|cinema|theatre|sunset)\b"), "pm"),
)


def reference(now: datetime, zone: str) -> Reference:
    """What the contact's words are relative to. `now` is naive; an unknown zone counts as UTC."""
    first = True if _MONTH_FIRST.match(zone) else False if _DAY_FIRST.match(zone) else None
    return Reference(now, _zone(zone), first)


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def meal_half(text: str) -> Half | None:
    """The half of the day that the things spoken of belong to, where they all do."""
    halves = {half for pattern, half in _MEALS if pattern.search(text)}
    return halves.pop() if len(halves) == 1 else None


def read_when(
    text: str,
    original: str,
    spans: Sequence[Span],
    at: Reference,
    others: Sequence[Span] = (),
    half: Half | None = None,
) -> When | None:
    """The time that `spans` of `text` name; None if all of it is gone. More than one candidate has to be asked about.

    `others` are spans that are known to say something else ("Friday's meeting"). `half` is the half of the day that a
    bare hour belongs to, where it is known.
    """
    half = half or meal_half(text)
    read = [(span, resolved) for span in spans if (resolved := read_span(span, text, at, half))]
    if not read:
        return None
    span, resolved = read[0]
    if len(read) > 1:
        exact = [each for each in read if each[1].wall]
        same = {each[1].wall for each in exact}
        resolved = exact[0][1] if len(same) == 1 and len(exact) == len(read) else ASK
        end = read[-1][0].end if read[-1][0].end - span.start < 80 else span.end
        quote = original[span.start : end]
    else:
        quote = original[span.start : span.end]
    if left_over(text, [(each.start, each.end) for each in (*spans, *others)]):
        resolved = ASK if resolved.wall else resolved
    return When(_wall(resolved), resolved.grain, quote, repeats=resolved.repeats)


def _wall(resolved: Resolved) -> str | None:
    wall = resolved.wall
    if wall is None:
        return None
    return wall.isoformat(timespec="seconds" if wall.second else "minutes")
