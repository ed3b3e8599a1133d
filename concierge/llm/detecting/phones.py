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
    r"\b(?:tel|phone|mobile|cell|whatsapp|fax|telefon\w*|handy\w*|mobil\w*|t[ée]l[ée]phone|portable|tel[ée]fono|m[óo]vil|"
    r"celular|telefone|cellulare|telefoon\w*|(?:call|text|reach|ring|phone) (?:me|him|her|us|them) (?:on|at))\b\.?"
    r"(?:\s*(?:number|no\.?|nummer|n[úu]mero|is|ist|es|est|é))*[\s:]*"
    r"(?P<number>\(?\d(?:[ .()/-]{0,2}\d){6,13})(?![\w-])",
    re.IGNORECASE,
)


def find(text: str, region: str | None) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of each; `region` (ISO 3166) reads numbers that lack a country code by its rules."""
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
        yield match.start, match.end, f"{match.number.country_code}{match.number.national_number}"
    for found in _ANNOUNCED.finditer(text):
        yield *found.span("number"), _digits(found["number"])
    for found in _FORMS.finditer(text):
        yield *found.span(), _digits(found[0])


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
