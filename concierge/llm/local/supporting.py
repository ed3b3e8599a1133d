"""Whether words bear out a time that was read from them, by whatever model."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import cache

from concierge.languages.dates import calendar
from concierge.languages.speaking import FIRST, LANGUAGES
from concierge.llm.local.clauses import clause, clauses, written_now
from concierge.llm.local.parts import Clock, Day, DayPart, Moment, Part, Past, Reference, Shift, Unclear, Wide
from concierge.llm.local.repeating import repeats
from concierge.llm.local.spans import Span, find_spans
from concierge.llm.local.when import read_when, reference
from concierge.llm.local.words import MONTH, WEEKDAY
from concierge.llm.patterns import regex
from concierge.llm.purposes import When

_CLOSE = timedelta(minutes=2)
_WEEK = timedelta(days=7)
_USUAL = time(9)  # of a day without a time
_TIMELY = regex(
    rf"\d|\b(?:{WEEKDAY}|{MONTH}|now|then|soon|later|again|today|tonight|tomorrow|tmrw?|yesterday|once|asap|noon|midday|"
    r"midnight|morning|afternoon|evening|night|lunch\w*|dinner|breakfast|before|after|until|till|when|while|during|"
    r"(?:second|minute|min|hour|hr|day|week|month|quarter|year|fortnight|weekend)s?|eve|daily|weekly|monthly|yearly|"
    r"every|each|first|last|next|this|that|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half)\b"
)
_ENGLISH = frozenset(
    "the and to of you for that it my with be have will please about remind by at this not i call need follow".split()  # noqa: SIM905
)
_BESIDE_A_TIME = frozenset(
    "uhr um gegen heute las hoy heures demain alle ore oggi domani uur om morgen overmorgen godz jutro hoje dia".split()  # noqa: SIM905
)
_SURELY = 2  # so many of them, and a message is English


def supports(
    when: When, *, now: datetime, zone: str, text: str, around: Sequence[str] = (), kept: datetime | None = None
) -> bool:
    """False where the words name another day, time or rhythm than `when`, or none. `now` is the writer's wall clock.

    `text` is the message that holds the quote, `around` what else was said; `kept` is the time of what is changed, of
    which half may stay as it is. Words this grammar does not know, other languages among them, say nothing against it.
    """
    at, one = reference(now, zone), clause(when.quote)
    spans = _spans(when.quote, at)
    if when.wall is None or len(spans) > 1:
        return True
    if not spans or _is_half(spans[0].parts):
        whole = _spoken_around(when.quote, text, at)
        spans = whole if len(whole) == 1 else spans  # whoever quotes "tomorrow" of "tomorrow at 3pm" means all of it
    if not spans:
        return _TIMELY.search(one.lower) is not None or not _is_english(text)
    parts, wall = spans[0].parts, datetime.fromisoformat(when.wall)
    otherwise = _speaks_otherwise(when.quote, text)
    if when.repeats is not None and (repeats(parts) or not otherwise) and not _comes_again(when, parts, at):
        return False
    if repeats(parts):
        parts = tuple(part for part in parts if isinstance(part, (Clock, DayPart)))
    if any(isinstance(part, (Shift, Unclear)) for part in parts):
        return True  # walked from there, or said too freely to be checked
    if not all(_holds(part, parts, wall) for part in parts):
        return False
    return otherwise or when.repeats is not None or _rest_holds(parts, wall, at, (text, *around), kept)


def _is_half(parts: Sequence[Part]) -> bool:
    """Whether a day is named and no time, or the other way round."""
    return all(isinstance(part, Day) for part in parts) or all(isinstance(part, Clock) for part in parts)


def _spans(text: str, at: Reference) -> list[Span]:
    return [span for span in find_spans(clause(text).lower, at) if not span.describing]


def _spoken_around(quote: str, text: str, at: Reference) -> list[Span]:
    """What the message says of time where the quote was taken from; where that speaks of none, anywhere in it."""
    every: list[Span] = []
    bare = " ".join(clause(quote).lower.split())
    for one in clauses(written_now(text)):
        spans = [span for span in find_spans(one.lower, at) if not span.describing]
        start = one.lower.find(bare) if bare else -1
        if start >= 0:
            touched = [span for span in spans if span.start < start + len(bare) and start < span.end]
            return touched or spans
        every += spans
    return every


def _is_english(text: str) -> bool:
    return len(set(re.findall(r"[a-z]+", text.lower())) & _ENGLISH) >= _SURELY


def _speaks_otherwise(quote: str, text: str) -> bool:
    """Whether the words are of another language, which may name a day beside the time of day that is read in any."""
    foreign = any(char.isalpha() and not char.isascii() for char in quote)
    return (foreign or not _foreign().isdisjoint(_words(quote))) and not _is_english(text)


@cache
def _foreign() -> frozenset[str]:
    """What stands beside a time in the languages we speak, names of days and months first."""
    names = [calendar(language) for language in LANGUAGES if language != FIRST]
    words = _words(" ".join(name for each in names for name in (*each.weekdays, *each.months)))
    english = calendar(FIRST)
    return frozenset(words | _BESIDE_A_TIME) - _words(" ".join((*english.weekdays, *english.months)))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _comes_again(when: When, parts: Sequence[Part], at: Reference) -> bool:
    """Whether the words have a rhythm, and this one as far as the grammar can tell."""
    if not repeats(parts):
        return False
    one = clause(when.quote)
    own = read_when(one.lower, one.text, _spans(when.quote, at), at)
    if own is None or own.repeats is None or when.repeats is None:
        return True
    mine, theirs = _rule(own.repeats), _rule(when.repeats)
    return all(mine[key] == theirs[key] for key in ("FREQ", "BYDAY", "INTERVAL") if key in mine and key in theirs)


def _rule(text: str) -> dict[str, str]:
    fields = dict(each.split("=", 1) for each in text.upper().split(";") if "=" in each)
    return {"INTERVAL": "1"} | {name: ",".join(sorted(value.split(","))) for name, value in fields.items()}


def _rest_holds(
    parts: Sequence[Part], wall: datetime, at: Reference, texts: Sequence[str], kept: datetime | None
) -> bool:
    """What the words leave open is as usual, as it was, or as somebody said beside them."""
    plain = all(isinstance(part, (Day, Clock, DayPart)) for part in parts)
    days = [part.free for part in parts if isinstance(part, Day)]  # "friday, june 4" may be far off
    if plain and days and set(days) == {"weekday"} and kept is None and wall.date() - at.today > _WEEK:
        return False
    if all(isinstance(part, Day) for part in parts):
        if wall.time() in {_USUAL, kept.time() if kept else _USUAL}:
            return True
        return any(isinstance(part, (Clock, DayPart)) and _holds(part, (), wall) for part in _all(texts, at))
    if all(isinstance(part, Clock) and part.zone is None for part in parts):
        if wall.date() - at.today in {timedelta(), timedelta(days=1)} or (kept and wall.date() == kept.date()):
            return True
        return any(not isinstance(part, (Clock, DayPart)) and _holds(part, (), wall) for part in _all(texts, at))
    return True


def _all(texts: Sequence[str], at: Reference) -> list[Part]:
    return [part for text in texts for one in clauses(written_now(text)) for span in find_spans(one.lower, at)
            for part in span.parts]  # fmt: skip


def _holds(part: Part, parts: tuple[Part, ...], wall: datetime) -> bool:
    match part:
        case Day():
            return _is_day(part, parts, wall)
        case Clock():
            return _is_time(part, wall, within=any(isinstance(each, DayPart) for each in parts))
        case DayPart():
            return (wall.hour < 13) == (part.half == "am") or part.half == "night" or wall.hour == 12
        case Moment():
            return abs(part.at - wall) <= _CLOSE or part.grain == "day"
        case Wide():
            return any(isinstance(each, (Day, Clock)) for each in parts)
        case _:
            return not isinstance(part, Past)


def _is_day(day: Day, parts: tuple[Part, ...], wall: datetime) -> bool:
    if day.free == "week":
        return True
    if day.free == "weekday":
        return wall.weekday() == day.on.weekday()
    if day.free == "monthday":
        return wall.day == day.on.day
    zoned = any(isinstance(each, Clock) and each.zone for each in parts)
    return wall.date() == day.on or (zoned and abs(wall.date() - day.on) <= timedelta(days=1))


def _is_time(clock: Clock, wall: datetime, *, within: bool) -> bool:
    """`within`: a part of the day was named, which settles the hour (`7:30 in the evening`)."""
    if clock.zone is not None or clock.midnight:
        return True
    if clock.settled and not within:
        return (wall.hour, wall.minute) == (clock.hour, clock.minute or 0)
    return (wall.hour % 12, wall.minute) == (clock.hour % 12, clock.minute or 0)
