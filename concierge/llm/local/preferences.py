"""What a person wants to be different from now on: `call me Alex`, `I'm on Berlin time`, `be formal`, `in German`."""

import re

from concierge.llm.local.clauses import Clause
from concierge.llm.local.words import either, listed
from concierge.llm.local.zones import zone_named
from concierge.llm.patterns import regex
from concierge.llm.purposes import Preferred

_POLITE = (
    r"(?:(?:hi|hey|hello|ok|okay|oh|well|no|yes|btw|by the way|please|pls|actually|and|but|so|also|just|from now on|"
    r"can you|could you|would you|will you|i'd like you to|i want you to)[,.!;:]* )*+"
)
_END = r"(?:[ ,]*(?:please|pls|thanks|thank you|from now on|now|with me|to me|in (?:the )?future))*[ .!]*$"
_NAME = regex(
    rf"^{_POLITE}(?:you can |you may |just )?(?:call me|i go by|i(?:'d)? prefer to be called|address me as|i like to "
    rf"be called) "
    rf"(?P<name>\w[\w'-]*(?:\.? \w[\w'-]*){{0,2}}){_END}"
)
_NO_NAME = frozenset(
    listed(
        "back later again when if after before at on in about tomorrow today tonight now soon asap maybe anytime "
        "sometime whenever once first then this next please a an the to for from by with and or up out over never not "
        "yesterday every crazy old monday tuesday wednesday thursday friday saturday sunday noon midnight early late"
    )
)
_ZONE = regex(
    rf"^{_POLITE}(?:(?:i'm|i am|we're|we are|i'll be)(?: now)? (?:on|in|using) (?P<on>[\w /+-]+?)(?:'s)? time(?: "
    rf"?zone)?(?P<sure>)|"
    r"(?:my|the) time ?zone(?: is|'s)(?: now)? (?P<is>[\w /+-]+?)(?:'s)?(?: time(?: ?zone)?)?|"
    r"(?:set|change|update|switch|move) (?:my|the) time ?zone to (?P<to>[\w /+-]+?)(?:'s)?(?: time(?: ?zone)?)?|"
    rf"(?:use|switch to|change to|go by|work in) (?P<use>[\w /+-]+?)(?:'s)? time(?: ?zone)?){_END}"
)
TONES = {
    word: word
    for word in listed(
        "formal friendly casual informal professional polite warm funny brief short concise cheerful direct playful "
        "relaxed serious kind neutral simple"
    )
} | {"formally": "formal", "shorter": "short", "friendlier": "friendly", "warmer": "warm", "nicer": "friendly"}
_OPPOSITE = {"formal": "casual", "casual": "formal", "informal": "formal", "serious": "playful", "funny": "serious"}
_TONE = regex(
    rf"^{_POLITE}(?:(?:be|sound|write|answer|reply|talk|speak)(?: to me)?(?: an?)?(?: (?:bit|little))?(?: "
    rf"(?P<way>more|less))? "
    rf"(?P<tone>{either(TONES)})|"
    rf"(?:use|i(?:'d)? (?:like|prefer|want)|switch to|adopt|keep) an? (?P<ways>more |less "
    rf")?(?P<named>{either(TONES)}) (?:tone|style|voice)|"
    rf"(?P<only>more|less) (?P<bare>{either(TONES)})|"
    rf"(?:keep|make) (?:it|things|your (?:messages|answers|replies|texts)) (?P<kept>{either(TONES)})){_END}"
)
LANGUAGES = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "spanish": "es",
    "español": "es",
    "espanol": "es",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "italian": "it",
    "italiano": "it",
    "portuguese": "pt",
    "português": "pt",
    "dutch": "nl",
    "nederlands": "nl",
    "arabic": "ar",
    "turkish": "tr",
    "russian": "ru",
    "polish": "pl",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "greek": "el",
    "czech": "cs",
    "hungarian": "hu",
    "romanian": "ro",
    "ukrainian": "uk",
    "hindi": "hi",
    "urdu": "ur",
    "chinese": "zh",
    "mandarin": "zh",
    "japanese": "ja",
    "korean": "ko",
    "hebrew": "he",
    "persian": "fa",
    "farsi": "fa",
    "indonesian": "id",
    "thai": "th",
    "vietnamese": "vi",
    "catalan": "ca",
    "bengali": "bn",
}
_LANGUAGE = regex(
    rf"^{_POLITE}(?:(?:speak|write|answer|reply|respond|talk)(?: to me| back)?(?: in)? (?P<a>{either(LANGUAGES)})|"
    rf"(?:switch|change)(?: the| my)?(?: language)? to (?P<b>{either(LANGUAGES)})|"
    rf"my (?:preferred )?language is (?P<c>{either(LANGUAGES)})|i (?:prefer|would prefer|'d prefer) "
    rf"(?P<d>{either(LANGUAGES)})|"
    rf"(?:in|auf|en) (?P<e>{either(LANGUAGES)})(?:,? (?:bitte|por favor|s'il (?:te|vous) pla[iî]t|svp))?){_END}"
)


def preferred(one: Clause, *, asked: bool) -> Preferred | None:
    """None: the clause states no preference. `asked`: it may answer a question, and a name is then no preference."""
    text = one.lower
    if (match := _NAME.match(text)) and (name := _name(one, match)):
        return Preferred() if asked else Preferred(name=name)
    if match := _ZONE.match(text):
        place = match["on"] or match["is"] or match["to"] or match["use"]
        zone = zone_named(place)
        stated = match["is"] or match["to"]
        if zone or stated:
            return Preferred(zone=zone or place)
    if match := _TONE.match(text):
        return Preferred(tone=_tone(match))
    if match := _LANGUAGE.match(text):
        return Preferred(language=LANGUAGES[next(word for word in match.groupdict().values() if word)])
    return None


def _name(one: Clause, match: re.Match[str]) -> str | None:
    name = one.text[slice(*match.span("name"))]
    words = name.split()
    if any(word.lower() in _NO_NAME or word[0].isdigit() for word in words):
        return None
    if all(word[0].isupper() for word in words):
        return name
    return name.capitalize() if len(words) == 1 and name.isalpha() else None


def _tone(match: re.Match[str]) -> str:
    word = TONES[match["tone"] or match["named"] or match["bare"] or match["kept"]]
    way = (match["way"] or match["ways"] or match["only"] or "").strip()
    return _OPPOSITE.get(word, f"not {word}") if way == "less" else word
