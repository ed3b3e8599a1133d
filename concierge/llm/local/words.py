"""The words English counts time with, as tables and as fragments of regular expressions.

Fragments hold no capturing groups and expect text in lower case with single blanks.
"""

import re


def listed(words: str) -> list[str]:
    """The words of a text: for tables that read better in a line."""
    return words.split()


WEEKDAYS = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
}
_SHORT_WEEKDAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "weds": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
}
_SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_ONES = listed("one two three four five six seven eight nine")
_TEENS = listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

CARDINAL_WORDS = {word: n for n, word in enumerate(_ONES + _TEENS, 1)} | {
    word: n for n, word in zip(range(20, 100, 10), _TENS, strict=True)
}
ORDINAL_WORDS = {word: n for n, word in enumerate(_ORDINALS, 1)} | {"thirtieth": 30}


def either(words: object) -> str:
    """A group of alternatives, the longest first, so that `thurs` is not read as `thu`."""
    return "(?:" + "|".join(sorted(map(str, words), key=len, reverse=True)) + ")"  # type: ignore[call-overload]


WEEKDAY = f"(?:{either(WEEKDAYS)}|{either(_SHORT_WEEKDAYS)}\\.?)"
MONTH = f"(?:{either(MONTHS)}|{either(_SHORT_MONTHS)}\\.?)"
_TENS_AND_ONES = f"{either(_TENS)}(?:[ -]{either(_ONES)})?"
CARDINAL = f"(?:{_TENS_AND_ONES}|{either(_TEENS)}|{either(_ONES)})"
HOUR_WORD = either([*_ONES, "ten", "eleven", "twelve"])
LATE_HOURS = [*_TEENS[3:], "twenty", "twenty-one", "twenty one", "twenty-two", "twenty two", "twenty-three"]
MINUTE_WORD = f"(?:oh {either(_ONES)}|{either(_TENS[:4])}(?:[ -]{either(_ONES)})?|{either(_TEENS)})"
ORDINAL = f"(?:\\d{{1,2}}(?:st|nd|rd|th)|(?:twenty|thirty)[ -]{either(_ORDINALS[:9])}|{either(ORDINAL_WORDS)})"
NUMBER = f"(?:\\d{{1,4}}(?:\\.\\d{{1,2}})?|a couple(?: of)?|couple(?: of)?|an?|{CARDINAL})"

_VERBS = listed(
    "accept activate add address adjust agree analyse announce answer apologise apply appoint approach approve "
    "arrange ask assemble assess "
    "assign attach attend audit back backup bake balance bathe begin bill block board book boil borrow bring brush "
    "build buy calculate call "
    "change charge chase check choose clean clear close collect come compare compile complete compose confirm "
    "connect contact contribute cook "
    "copy correct count cover create cut decide decorate defrost delete deliver deploy deposit design discuss "
    "dispatch do donate download draft "
    "draw drive drop dry dust e-mail eat edit email empty end enrol enter escalate evaluate examine exchange "
    "exercise expect explain export "
    "extend feed fetch fertilise file fill finalise finalize find finish fix fly fold follow followup forward freeze "
    "fund get give go grab greet hand hang "
    "harvest have help hire host hunt idle implement import inform inspect install interview introduce investigate "
    "invite invoice iron issue join "
    "keep launch lay lead learn leave lend let list listen load lock log look mail make mark measure meditate meet "
    "mention message migrate mop move "
    "mow negotiate notify nudge oil open order organise organize outline pack paint park pay phone pick ping pitch "
    "plan plant play polish post "
    "postpone practice practise prepare present press print process procure proofread propose publish pull purchase "
    "push put raise reach read "
    "rebook record recycle redeem refill refund register reimburse release relocate remind remove renew rent reorder "
    "repair repeat replace reply report "
    "request rescan reschedule research reserve reset resign resolve respond restart restock return review revise "
    "ring rinse roast rotate run save say scan "
    "schedule search sell send serve service settle set share shave shift ship shop shower show sign sit skype sleep "
    "snap sort speak spray start stop "
    "store study submit subscribe sweep swap switch take talk teach tell test text thank throw tidy top touch track "
    "trade train transfer travel treat trim "
    "try tune turn type unblock unlock unplug unsubscribe update upgrade upload use vacuum validate verify visit "
    "vote wait wake walk wash watch water "
    "weed weigh whatsapp wipe wire wish withdraw work wrap write zoom"
)
VERB = either(_VERBS)
AFTER = (
    r"(?=$|[.,;:!?)\]\u2026-](?!\d)| [-&(]| (?:at|on|in|of|to|and|or|for|from|by|with|about|re|regarding|concerning|"
    r"please|pls|"
    r"thanks|thank|cheers|sharp|ish|if|so|because|since|until|till|before|after|this|next|tomorrow|today|tonight|that|"
    r"instead|then|when|unless|except|latest|every|around|as|would|works|is|it|we|i|noon|morning|afternoon|evening|"
    r"remind|call|email|"
    rf"{either(WEEKDAYS)}|{either(MONTHS)}|{VERB} (?:the|a|an|my|our|his|her|him|them|me|us))\b)"
)
"""What may follow a bare number for it to be a time: `at 9 please`, but not `at 9 Main Street`."""


def weekday(word: str) -> int:
    """Monday is 0. `word` matched `WEEKDAY`."""
    bare = word.rstrip(".")
    return WEEKDAYS[bare] if bare in WEEKDAYS else _SHORT_WEEKDAYS[bare]


def month(word: str) -> int:
    """January is 1. `word` matched `MONTH`."""
    bare = word.rstrip(".")
    return MONTHS[bare] if bare in MONTHS else _SHORT_MONTHS[bare]


def cardinal(text: str) -> int:
    """`seven`, `forty-five`, `oh five` or digits."""
    if text.isdigit():
        return int(text)
    return sum(CARDINAL_WORDS[word] for word in re.split("[ -]", text) if word != "oh")


def ordinal(text: str) -> int:
    """`5th`, `fifth` or `twenty-first`."""
    if text[0].isdigit():
        return int(re.match(r"\d+", text)[0])  # type: ignore[index]
    *tens, last = re.split("[ -]", text)
    return sum(CARDINAL_WORDS[word] for word in tens) + ORDINAL_WORDS[last]


def number(text: str) -> float:
    """`2`, `1.5`, `a`, `a couple of`, `thirty five`."""
    if text in {"a", "an"}:
        return 1
    if "couple" in text:
        return 2
    return float(text) if text[0].isdigit() else cardinal(text)
