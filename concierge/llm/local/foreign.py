"""Requests in other languages: `recuérdame llamar a mamá mañana a las 17:00`. Only what is understood whole is read.

dateparser knows words of two hundred languages and leaves out what it does not understand, without saying so: so every
number of the phrase must be found in the result, and nothing that speaks of time may be left beside it. Everything
else is asked about.
"""

import re
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from concierge.llm.local.parts import Reference
from concierge.llm.local.titles import title
from concierge.llm.patterns import regex
from concierge.llm.purposes import FoundTask, Grain, When

_LANGUAGES = {
    **dict.fromkeys(("recu", "recorda"), "es"),
    **dict.fromkeys(("rappel",), "fr"),
    **dict.fromkeys(("erinner",), "de"),
    **dict.fromkeys(("lembr", "me lembr"), "pt"),
    **dict.fromkeys(("ricorda",), "it"),
    **dict.fromkeys(("herinner",), "nl"),
}
_LONGEST = 300  # characters
_HOURS = regex(r"\b(\d{1,2}) ?(?:h|uhr|uur|heures?|ore)(?: ?([0-5]\d))?\b")
_CLOCK = regex(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_QUALIFIED = regex(
    r"\d|\b(?:pr[oó]xim[oa]s?|prochaine?|n[äa]chste[nrs]?|prossim[oa]|volgende|kommende[nrs]?|cada|tod[oa]s|chaque|"
    r"tous|jede[nrs]?|"
    r"ogni|elke|antes|despu[eé]s|avant|apr[eè]s|vor|nach|prima|dopo|voor|na|semana|semaine|woche|settimana|mes|mois|"
    r"monat|"
    r"mese|maand|tarde|noche|ma[ñn]ana|soir|matin|abend|nachmittag|sera|mattina|avond)\b"
)
_LEAD = regex(r"^(?:(?:[aà]|de|d'|que|daran|di|aan|om|an|den|die|das|o|para|bitte|te|zu|to)\b ?|d')+", re.IGNORECASE)
_ONE = Lock()  # its caches are no matter for several threads
_SOON = timedelta(days=2)


def read_foreign(lead: str, text: str, at: Reference) -> FoundTask:
    """The request that follows `lead`, in the writer's letters; its time where it is understood whole."""
    language = next((code for start, code in _LANGUAGES.items() if lead.strip().lower().startswith(start)), None)
    found = _search(text, language, at) if language and len(text) <= _LONGEST else []
    words, moment = found[0] if len(found) == 1 else (None, None)
    if words is None or moment is None:
        return FoundTask(
            _named(text), draft=False, when=When(None, "vague", text) if found else None, answers=None, quote=text
        )
    place = _place(text, words)
    rest = f"{text[: place.start()]} {text[place.end() :]}" if place else text
    when = _when(words, moment, place[0], at) if place and not _QUALIFIED.search(rest.lower()) else None
    asked = When(None, "vague", place[0] if place else text)
    return FoundTask(_named(rest), draft=False, when=when or asked, answers=None, quote=text)


def is_slow(text: str) -> bool:
    """Whether reading the text may take dateparser, and with the first one a second and a half to load it."""
    return any(start in text.lower() for start in _LANGUAGES)


def _search(text: str, language: str, at: Reference) -> list[tuple[str, datetime]]:
    with _ONE:
        from dateparser.search import search_dates  # type: ignore[import-untyped]  # noqa: PLC0415  slow to load

        settings: Any = {"RELATIVE_BASE": at.now, "PREFER_DATES_FROM": "future", "RETURN_AS_TIMEZONE_AWARE": False}
        return search_dates(_digital(text), languages=[language], settings=settings) or []


def _digital(text: str) -> str:
    """`15 Uhr` and `17h30` as `15:00` and `17:30`, which are understood in every language."""
    return _HOURS.sub(lambda match: f"{match[1]}:{match[2] or '00'}", text.lower())


def _place(text: str, words: str) -> re.Match[str] | None:
    """Where the words, which were found in the digital form, stand in the text."""
    pattern = re.escape(words).replace(r"\ ", " ")
    loose = re.sub(r"(\d{1,2}):(\d\d)", r"\1(?::\2| ?(?:h|uhr|uur|heures?|ore) ?(?:\2)?)", pattern)
    return re.search(loose, text, re.IGNORECASE)


def _when(words: str, moment: datetime, quote: str, at: Reference) -> When | None:
    clock = _CLOCK.search(words)
    numbers = {int(each) for each in re.findall(r"\d+", _CLOCK.sub(" ", words))}
    ahead = moment.date() - at.today
    near = timedelta() < ahead <= _SOON or (moment.time() == datetime.min.time() and ahead <= timedelta(days=7))
    if clock:
        if (moment.hour, moment.minute) != (int(clock[1]), int(clock[2])) or not numbers <= {
            moment.day,
            moment.year,
            moment.month,
        }:
            return None
        known = bool(numbers) or ahead <= timedelta(days=7)
        grain: Grain = "minute" if clock[2] in quote[quote.find(clock[1]) + len(clock[1]) :] else "hour"
        return When(moment.isoformat(timespec="minutes"), grain, quote) if known else None
    if not (numbers <= {moment.day, moment.year, moment.month} and (numbers or near)):
        return None
    morning = moment.replace(hour=9, minute=0, second=0, microsecond=0)
    return When(morning.isoformat(timespec="minutes"), "day", quote)


def _named(text: str) -> str:
    return title(
        re.sub(
            r" (?:[aà]|[aà]s|alle|um|am|om|le|el|il|la|las|los|den|der|en|on)$", "", _LEAD.sub("", text.strip(" ,.!?"))
        ).strip()
    )
