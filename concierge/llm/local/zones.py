"""Time zones as people write them behind a time of day: `5pm EST`, `9:00 GMT`, `3pm Pacific time`.

Standard and daylight names of a region mean the region: nobody who writes EST in July means winter time.
"""

import re
from zoneinfo import ZoneInfo

from concierge.llm.local.places import place_zone

_REGIONS = {
    "UTC": "utc|gmt|z",
    "Pacific/Honolulu": "hst",
    "America/Anchorage": "akst|akdt",
    "America/New_York": "est|edt|et|eastern",
    "America/Chicago": "cst|cdt|ct",
    "America/Denver": "mst|mdt|mountain",
    "America/Los_Angeles": "pst|pdt|pt|pacific",
    "Europe/London": "bst|london",
    "Europe/Berlin": "cest|cet",
    "Europe/Moscow": "msk",
    "Africa/Johannesburg": "sast",
    "Asia/Kolkata": "ist",
    "Asia/Karachi": "pkt",
    "Asia/Hong_Kong": "hkt",
    "Australia/Brisbane": "aest",
    "Australia/Sydney": "aedt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst|nzdt",
    "Asia/Tokyo": "jst",
    "Asia/Singapore": "sgt",
}
NAMED = {word: region for region, words in _REGIONS.items() for word in words.split("|")}

ZONE = (
    r"(?: ?\(?(?:utc|gmt) ?(?P<ahead>[+-]\d{1,2}(?::?\d\d)?)(?![\d:])\)?|"
    rf" ?\(?(?P<zone>{'|'.join(sorted(NAMED, key=len, reverse=True))})\b(?: (?:standard|daylight|summer)\b)?\)?"
    r"(?: time)?|"
    r" (?!this|same|that|any|some|every|local|my|our|your|what|the|each|spare|free)"
    r"(?P<elsewhere>[a-z]+(?: [a-z]+){0,2}?) time)?"
)


def zone_named(words: str) -> str | None:
    """The IANA name of what people call it; None for what is not known."""
    return NAMED.get(words.strip().lower()) or place_zone(words)


def zone_in(match: re.Match[str]) -> ZoneInfo | None:
    """The zone that a pattern with `ZONE` found. Raises ValueError for one we do not know (`Springfield time`)."""
    if match["ahead"]:
        hours = int(match["ahead"])
        if not -12 <= hours <= 14:
            raise ValueError(match["ahead"])  # also half hours: few zones have them
        return ZoneInfo(f"Etc/GMT{-hours:+d}")
    if match["elsewhere"]:
        name = zone_named(match["elsewhere"])
        if name is None:
            raise ValueError(match["elsewhere"])
        return ZoneInfo(name)
    return ZoneInfo(NAMED[match["zone"]]) if match["zone"] else None
