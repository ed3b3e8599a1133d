"""What messages say about a form, read without a model: by words, by shape, and by what was asked just before."""

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, structs

from concierge.llm.detecting import detect
from concierge.llm.local.nations import NATIONS
from concierge.llm.local.replies import asks_for_human
from concierge.llm.patterns import regex
from concierge.llm.purposes import Fact, FieldKind, IntakePrompt, Learnt, Offer

LONGEST = 200  # characters of a value

_SMALL_WORDS = """
    a able afternoon am and are assalamu alaikum bye can day dear do evening fine go good great have hello
    help here hey hi how i info information is it madam me morning need nice no noon not of offer ok okay one
    please question salam service services sir some somebody someone something sure thank thanks the there
    this to today u want what when where who why with would yeah yep yes you your
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_NEED = regex(
    r"\b(?:need|want|looking for|interested in|apply(?:ing)? for|[ei]nquir\w+ about|help(?: me)? with|like)\s+"
    r"(?:to (?:get|have|apply for|open|set up|book|renew|ask about|know about)\s+)?"
    r"(?:(?:an?|the|some|my|your)\s+)?(?P<thing>[^.,;!?\n]{3,100})",
    re.IGNORECASE,
)
_NAMED = regex(
    r"\bname(?:\s+is|'s|’s|:)\s+(?P<name>[^\W\d_][\w'’.-]*(?: (?!(?:and|from|i|i'm|my)\b)[^\W\d_][\w'’-]*){0,4})",
    re.IGNORECASE,
)
_AM = regex(r"\b(?:[Tt]his is|I am|I'm|I’m|i am|i'm)\s+(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3})")
_FROM = regex(  # looked at from every word on: "I am Ali from India" says it behind its second mark
    r"\b(?=(?:i am|i'm|i’m|nationality(?: is)?:?|from|citizen of)\s+(?:an?\s+)?(?P<who>[^\W\d_]+(?: [^\W\d_]+){0,2})"
    r"|(?P<what>[^\W\d_]+) (?:passport|national|citizen)\b)",
    re.IGNORECASE,
)
_LEAD = regex(
    r"^(?:(?:hi|hello|hey|yes|sure|ok|okay|well|it's|it is|it’s|i am|i'm|i’m|this is|my)\b[\s,.!]*)+", re.IGNORECASE
)
_TIME = regex(
    r"\d|\b(?:morning|afternoon|evening|noon|night|any ?time|tomorrow|today|now|weekend|weekday|after|before|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.IGNORECASE,
)
_CALL = regex(r"\bcall(?: me)?\s+(?P<time>[^.;!?\n]{2,80})", re.IGNORECASE)


class Heard(Struct, frozen=True):
    """One message, without what is recognised by its shape."""

    text: str
    rest: str  # without e-mail addresses and phone numbers
    email: str | None
    phone: str | None
    asked: bool = False  # this is what was asked last

    @property
    def substantial(self) -> bool:
        """Whether it says anything but courtesies."""
        words = re.findall(r"[^\W\d_]+", self.rest.lower())
        return bool(set(words) - _SMALL)


def learn(prompt: IntakePrompt) -> Learnt:
    """The same messages give the same facts; a later message beats an earlier one."""
    found: dict[str, str] = {}
    unread = prompt.turns[len(prompt.turns) - prompt.unread :]
    for turn in unread:
        heard = _heard(turn.text)
        for each in prompt.wanted:
            asked = each.key in prompt.asked and each.key not in found
            if value := _value(each.kind, structs.replace(heard, asked=asked), prompt.offers):
                found[each.key] = value[:LONGEST]
    facts = [Fact(key, value) for key, value in found.items()]
    return Learnt(facts, wants_human=any(asks_for_human(turn.text) for turn in unread))


def _heard(text: str) -> Heard:
    said = {each.kind: each for each in reversed(detect(text)) if each.kind in ("EMAIL", "PHONE")}
    rest = text
    for each in sorted(said.values(), key=lambda one: -one.start):
        rest = f"{rest[: each.start]} {rest[each.end :]}"
    email, phone = (text[said[kind].start : said[kind].end] if kind in said else None for kind in ("EMAIL", "PHONE"))
    return Heard(text, rest, email, phone)


def _value(kind: FieldKind, heard: Heard, offers: tuple[Offer, ...]) -> str | None:
    if kind == "service":
        return _service(heard, offers)
    return _READERS[kind](heard)


def _service(heard: Heard, offers: tuple[Offer, ...]) -> str | None:
    """An offer by its words, a need that is put as one, or (when asked) whatever they say."""
    if named := _offered(heard.rest.lower(), offers):
        return ", ".join(named)
    if (need := _NEED.search(heard.rest)) and set(re.findall(r"[^\W\d_]+", need["thing"].lower())) - _SMALL:
        return need["thing"].strip()
    told = heard.asked and heard.substantial and not heard.rest.rstrip().endswith("?") and not _AM.search(heard.rest)
    return heard.rest.strip() if told and not _NAMED.search(heard.rest) else None


def _offered(text: str, offers: tuple[Offer, ...]) -> list[str]:
    """The offers named; a "family visa" is not also a "visa"."""
    words = {word.lower(): each.name for each in offers for word in each.words}
    said = [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)]
    longest = [word for word in said if not any(word != other and word in other for other in said)]
    return list(dict.fromkeys(words[word] for word in longest))


def _name(heard: Heard) -> str | None:
    if match := _NAMED.search(heard.rest):
        return match["name"].rstrip(".")
    if (match := _AM.search(heard.rest)) and not _is_nation(match["name"]):
        return match["name"]
    if not heard.asked or _NEED.search(heard.rest):
        return None
    bare = _LEAD.sub("", re.split(r"[,;\n]|\band\b", heard.rest.strip())[0]).strip(" .!")
    words = bare.split()
    plain = re.fullmatch(r"[^\W\d_][^\W\d_'’. -]*(?:[ '’.-]+[^\W\d_]+)*\.?", bare)
    if not plain or len(words) > 5 or words[0].lower() in _SMALL or _is_nation(bare):
        return None
    return bare


def _nationality(heard: Heard) -> str | None:
    for marked in _FROM.finditer(heard.rest):
        if found := _nation(marked["who"] or marked["what"]):
            return found
    for segment in re.split(r"[,;.\n]", heard.rest):
        if _is_nation(segment):
            return segment.strip()
    if not heard.asked:
        return None
    if found := next((found for word in _windows(heard.rest) if (found := _nation(word))), None):
        return found
    bare = _LEAD.sub("", heard.rest.strip()).strip(" .!")
    return bare if heard.substantial and len(bare.split()) <= 3 and not re.search(r"[\d?]", bare) else None


def _windows(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text)
    return [" ".join(words[n : n + 3]) for n in range(len(words))]


def _nation(text: str | None) -> str | None:
    """The nation that a text begins with, as it is written there."""
    words = (text or "").split()
    return next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]).lower() in NATIONS), None)


def _is_nation(text: str) -> bool:
    return text.strip().lower() in NATIONS


def _time(heard: Heard) -> str | None:
    if (match := _CALL.search(heard.rest)) and _TIME.search(match["time"]):
        return match["time"].strip(" ,")
    if not heard.asked or not _TIME.search(heard.rest):
        return None
    parts = [part.strip(" .,:;!-") for part in re.split(r"[,;\n]|\band\b", heard.rest)]
    return ", ".join(part for part in parts if _TIME.search(part))


_READERS: Mapping[FieldKind, Callable[[Heard], str | None]] = {
    "email": lambda heard: heard.email,
    "phone": lambda heard: heard.phone,
    "name": _name,
    "nationality": _nationality,
    "time": _time,
    "text": lambda heard: heard.text.strip() if heard.asked and heard.substantial else None,
}
