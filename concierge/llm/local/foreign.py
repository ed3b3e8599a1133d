"""Requests in other languages: `recuérdame llamar a mamá mañana a las 17:00`, and the time we asked for: `Dienstag 15
Uhr`. Only what is understood whole is read.

dateparser knows words of two hundred languages and leaves out what it does not understand, without saying so: so every
number of the phrase must be found in the result, and nothing that speaks of time may be left beside it. Everything
else is asked about.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any

from concierge.languages.dates import calendar
from concierge.languages.speaking import FIRST, LANGUAGES
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
_DAYS = {
    "de": "heute morgen übermorgen",
    "es": "hoy mañana",
    "fr": "demain",
    "it": "oggi domani dopodomani",
    "nl": "vandaag morgen overmorgen",
    "pl": "dziś jutro pojutrze środę sobotę niedzielę",
    "pt": "hoje amanhã",
    "ar": "غدا غدًا",
    "hi": "",
}
"""Days by other names than a calendar's."""
_BESIDE = (
    "am um uhr bitte gern danke el a la las de los por favor gracias le à s'il vous plaît merci il alle ore favore "
    "grazie op om uur graag w we o na godz proszę às as no em obrigado obrigada يوم في الساعة को बजे"
)
"""What may stand beside a time and says nothing of its own."""
_LONGEST = 300  # characters
_LONGEST_ANSWER = 60
_HOURS = regex(r"(?<![:\d])(\d{1,2}) ?(?:h|uhr|uur|heures?|ore)(?: ?([0-5]\d))?\b")
_OCLOCK = regex(r"(\d:\d\d) ?(?:h|uhr|uur)\b")
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


def read_foreign_time(text: str, at: Reference) -> When | None:
    """The time that the text is, where that is an answer and nothing else; vague where it is one and not understood.

    None: it names no day in another language.
    """
    for language in _named_in(text):
        found = _search(text, language, at)
        words, moment = found[0] if len(found) == 1 else (None, None)
        place = _place(text, words) if words else None
        if (
            place is None
            or moment is None
            or _split(f"{text[: place.start()]} {text[place.end() :]}") - _split(_BESIDE)
        ):
            continue
        if (when := _when(_digital(words or ""), moment, place[0], at)) is not None:
            return when
    return When(None, "vague", text) if _named_in(text) and re.search(r"\d", text) else None


def is_slow(text: str) -> bool:
    """Whether reading the text may take dateparser, and with the first one a second and a half to load it."""
    return any(start in text.lower() for start in _LANGUAGES) or bool(_named_in(text))


def _named_in(text: str) -> list[str]:
    """The languages in which a short text names a day or a month."""
    words = _split(text) if len(text) <= _LONGEST_ANSWER else set()
    return [language for language, names in _names().items() if words & names]


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """What days and months are called, by language; without what they are called in English too."""
    names = {each: _split(" ".join((*calendar(each).weekdays, *calendar(each).months))) for each in LANGUAGES}
    return {each: frozenset((names[each] | _split(_DAYS[each])) - names[FIRST]) for each in _DAYS}


def _split(text: str) -> set[str]:
    """Its words, in small letters; also of scripts whose vowels are marks."""
    return {word for word in re.split(r"[\s\d,.;:!?¿¡،؟।-]+", text.lower()) if word}


def _search(text: str, language: str, at: Reference) -> list[tuple[str, datetime]]:
    with _ONE:
        from dateparser.search import search_dates  # type: ignore[import-untyped]  # noqa: PLC0415  slow to load

        settings: Any = {"RELATIVE_BASE": at.now, "PREFER_DATES_FROM": "future", "RETURN_AS_TIMEZONE_AWARE": False}
        return search_dates(_digital(text), languages=[language], settings=settings) or []


def _digital(text: str) -> str:
    """`15 Uhr` and `17h30` as `15:00` and `17:30`, which are understood in every language."""
    return _OCLOCK.sub(r"\1", _HOURS.sub(lambda match: f"{match[1]}:{match[2] or '00'}", text.lower()))


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
