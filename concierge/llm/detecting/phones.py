"""Phone numbers: those phonenumberslite knows to be valid, national forms of any country, and what a word announces."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from concierge.llm.patterns import regex

_FORMS = regex(
    r"(?<![\w.+-])(?:\+\d(?:[ .()/-]{0,2}\d){6,14}|"
    r"\(\d{2,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}|\d{3}[.-]\d{3}[.-]\d{4}|\d{3} \d{3} \d{4}|"
    r"0\d{1,4}[ /.-]\d{2,4}(?:[ .-]?\d{2,4}){1,3}|0\d{8,11}|[67]\d{2}[ .-]\d{3}[ .-]\d{3}|[67]\d{2}(?: \d{2}){3}|"
    r"\d{5} \d{5,6})(?![\w-]|[.:]\d)"
)
_ANNOUNCED = regex(
    r"\b(?:tel|phone|mobile|cell|whatsapp|fax|telefon\w{0,12}|handy\w{0,12}|mobil\w{0,12}|t[ée]l[ée]phone|portable|tel[ée]fono|m[óo]vil|"
    r"celular|telefone|cellulare|telefoon\w{0,12}|(?:call|text|reach|ring|phone) (?:me|him|her|us|them) (?:on|at))\b\.?"
    r"(?:\s{0,4}(?:number|no\.?|nummer|n[úu]mero|is|ist|es|est|é)){0,4}[\s:]{0,8}"
    r"(?P<number>\(?\d(?:[ .()/-]{0,2}\d){6,13})(?![\w-])",
    re.IGNORECASE,
)


# what no phone number is, and what phonenumbers would read in a hundred ways
_CHAINS = regex(r"(?<!\d)\d(?: ?/ ?\d(?!\d)){3,20}")


def find(text: str, region: str | None) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of each; `region` (ISO 3166) reads numbers that lack a country code by its rules."""
    unchained = _CHAINS.sub(lambda chain: "x" * len(chain[0]), text)
    for match in PhoneNumberMatcher(unchained, region, leniency=Leniency.VALID):
        yield match.start, match.end, f"{match.number.country_code}{match.number.national_number}"
    for found in _ANNOUNCED.finditer(text):
        yield *found.span("number"), _digits(found["number"])
    for found in _FORMS.finditer(text):
        yield *found.span(), _digits(found[0])


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
