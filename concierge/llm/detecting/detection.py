"""Everything that is found in a text, without overlap.

Cards: 13 to 19
digits with a Luhn check digit. IBANs: checked by python-stdnum. US social security numbers, email and IP addresses,
links that carry a token: regular expressions. Names that a caller knows of: as words.
"""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from msgspec import Struct
from stdnum import iban, luhn

from concierge.llm.detecting import papers, phones, postal
from concierge.llm.patterns import regex


class Detected(Struct, frozen=True):
    """`text[start:end]` is personal data of a kind. Two texts with the same key are the same datum."""

    start: int
    end: int
    kind: str
    key: str


_EMAIL = regex(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{1,23}")
_LINK = regex(r"(?:https?://|www\.)[^\s<>\"']{1,2000}", re.IGNORECASE)
_LOGIN_IN_LINK = regex(r"//[^/\s]{0,2000}@")
_SECRET_IN_LINK = regex(r"[?#]|/(?=[\w.~%-]{0,2000}\d)(?=[\w.~%-]{0,2000}[A-Za-z])[\w.~%-]{16}|/\d{6}")
_DIGITS = regex(r"(?<![\w.])\d(?:[ .-]?\d){12,18}(?![\w]|\.\d)")
_IBAN = regex(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Z0-9])", re.IGNORECASE)
_SSN = regex(
    r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])|"
    r"(?:(?<=ssn )|(?<=ssn: )|(?<=security number )|(?<=security number: )|(?<=ssn is )|(?<=number is ))\d{9}(?!\d)",
    re.IGNORECASE,
)
_IPV4 = regex(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_IPV6 = regex(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_TIME = regex(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[t ]{1,8}\d{1,2}:\d{2}(?::\d{2})?)?|"
    r"(?<![\d.])\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\.?\d)(?: {1,8}\d{1,2}:\d{2})?|"
    r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])",
    re.IGNORECASE,
)
_TIME_WORDS = regex(
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|"
    "september|october|november|december|today|tomorrow|tonight|morning|afternoon|evening|noon|midnight"
)
_ALSO_WORDS = regex(
    "an|and|art|baker|bill|black|brown|chase|christian|cook|dawn|day|dean|do|drew|earl|faith|for|frank|gene|grace|"
    "grant|gray|green|guy|hope|in|is|it|jack|joy|king|knight|law|long|may|me|miles|my|nick|no|of|on|or|page|pat|"
    "pearl|penny|pierce|price|ray|rich|rob|"
    "rose|ruby|sandy|sky|small|so|sue|summer|sunny|the|to|victor|wade|ward|way|white|will|winter|wood|you|young"
)


def detect(text: str, *, private: Iterable[str] = (), region: str | None = None) -> list[Detected]:
    """Without overlap, in order. `region` (ISO 3166, "US") reads phone numbers that lack a country code."""
    times, taken = bytearray(len(text)), bytearray(len(text))  # a flag a character
    for match in _TIME.finditer(text):
        _mark(times, *match.span())
    chosen: list[Detected] = []
    for one in _all(text, private, region):
        place = slice(one.start, one.end)
        if not (1 in taken[place] or (one.kind == "PHONE" and 1 in times[place])):
            _mark(taken, one.start, one.end)
            chosen.append(one)
    return sorted(chosen, key=lambda each: each.start)


def _mark(flags: bytearray, start: int, end: int) -> None:
    flags[start:end] = b"\1" * (end - start)


def _all(text: str, private: Iterable[str], region: str | None) -> Iterator[Detected]:
    """The surest first: what was claimed by one kind is not looked at by the next."""
    for match in _LINK.finditer(text):
        if _LOGIN_IN_LINK.search(match[0]) or _SECRET_IN_LINK.search(match[0], len("https://")):
            yield Detected(*match.span(), "URL", match[0])
    for match in _EMAIL.finditer(text):
        yield Detected(*match.span(), "EMAIL", match[0].casefold())
    yield from _ibans(text)
    yield from _numbers(text)
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            if _is_ip(match[0]):
                yield Detected(*match.span(), "IP", match[0])
    for start, end, number in phones.find(text, region):
        yield Detected(start, end, "PHONE", number)
    for start, end in postal.find(text):
        yield Detected(start, end, "ADDRESS", " ".join(text[start:end].casefold().split()))
    yield from _names(text, private)


def _numbers(text: str) -> Iterator[Detected]:
    """Those that are dropped for good."""
    for match in _DIGITS.finditer(text):
        if luhn.is_valid(digits := re.sub(r"\D", "", match[0])):
            yield Detected(*match.span(), "CARD", digits)
    for match in _SSN.finditer(text):
        yield Detected(*match.span(), "SSN", re.sub(r"\D", "", match[0]))
    for start, end, number in papers.find(text):
        yield Detected(start, end, "ID", number)


def _ibans(text: str) -> Iterator[Detected]:
    for match in _IBAN.finditer(text):
        end = match.end()
        while end - match.start() >= 15:
            if iban.is_valid(text[match.start() : end]):
                yield Detected(match.start(), end, "IBAN", iban.compact(text[match.start() : end]))
                break
            end = max(text.rfind(" ", match.start(), end), text.rfind("-", match.start(), end))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return text.count(":") != 1 and any(char.isalnum() for char in text)


def _names(text: str, private: Iterable[str]) -> Iterator[Detected]:
    """Names as a whole, then their words; a word that is also English ("Will") only in capitals, one of time never."""
    whole = sorted({" ".join(name.split()) for name in private if name.strip()}, key=len, reverse=True)
    words = [word for name in whole for word in re.split(r"[\s,.]+", name) if len(word) > 1]
    for name in [*whole, *words]:
        low = name.casefold()
        if _TIME_WORDS.fullmatch(low) or len(name) < 2:
            continue
        written = re.escape(name).replace(r"\ ", r"\s{1,8}")
        flags = re.IGNORECASE if not _ALSO_WORDS.fullmatch(low) and len(name) > 2 else re.NOFLAG
        for match in re.finditer(rf"(?<!\w){written}(?!\w)", text, flags):
            yield Detected(*match.span(), "NAME", low)
