"""Postal addresses in the forms that are common in some twenty countries: a street with its number, and what follows.

Not every address is found: one without a number or a word for a street looks like any other words.
"""

import re
from collections.abc import Iterator
from functools import cache

from concierge.llm.patterns import regex

_NOT_A_PLACE = (
    r"(?!(?i:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?i:january|february|march|april|may|june|july|august|september|"
    r"october|november|december|today|tomorrow|tonight|next|please|thanks?|call|at|on|and|remind|in|by|noon)\b)"
)
_WORD = rf"{_NOT_A_PLACE}[A-ZÀ-ÖØ-ÞŁŚŻŹĆŃ][\w'’.-]{{0,40}}"
_LINK = r"(?:de|del|la|las|los|el|da|do|dos|das|della|dei|degli|di|du|des|le|les|y|e|en|van|der|den|l['’]|d['’])"
_WORDS = rf"{_WORD}(?: (?:(?:{_LINK}|am|an der|ob der)\s+){{0,3}}{_WORD}){{0,3}}"
_UK = r"[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}"
_CANADA = r"[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d"
_STATES = (
    "A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]"
)
_US = rf"(?:{_STATES})\s+\d{{5}}(?:-\d{{4}})?"
_CODE = (
    rf"(?:{_UK}|{_CANADA}|{_US}|\d{{5}}-\d{{3}}|\d{{2}}-\d{{3}}|\d{{4}}\s?[A-Z]{{2}}|\d{{3}}\s\d{{2}}|"
    r"(?:[A-Z]{1,2}-)?\d{4,6})"
)
_UNIT = (
    r"(?i:apt|apartment|suite|ste|unit|flat|floor|room|piso|bajo|puerta|apto|appt|wohnung|m|int\.?|depto)\.?\s?#?[\w-]{1,5}"
    r"|#\s?\d{1,6}\w?|\d{1,2}\s?[ºª°](?:\s?[A-Za-z]\b)?"
)
_PIECE = (
    rf"(?:{_UNIT}|{_CODE}\s+{_WORDS}|{_WORDS},?\s+(?:[A-Z]{{2,3}}\s+)?{_CODE}|(?:[A-Z]{{2,3}}\s+)?{_CODE}|"
    rf"{_WORDS}(?:,|\s-)\s[A-Z]{{2}}\b|{_WORDS}(?=\s*(?:[.,;!?)\n]|$)))"
)
_TAIL = rf"(?:(?:\s*[,\n]\s*|\s+(?={_UNIT}|{_CODE}\b)|\s+-\s+){_PIECE}\b){{0,4}}"
_NUMBER = r"\d{1,5}(?:\s?[a-zA-Z]\b)?(?:\s?[-/]\s?\d{1,4}[a-zA-Z]?)?"

_SURE = "street|avenue|road|boulevard|blvd"
_TYPES = (
    f"{_SURE}|st|ave|rd|lane|ln|drive|dr|court|ct|square|sq|place|pl|terrace|way|close|crescent|cres|highway|hwy|parkway|"
    "pkwy|row|mews|gardens|grove|hill|circle|cir|walk|quay|parade|esplanade|broadway|loop"
)
_BEFORE = (
    r"Calle|C/|Avda\.?|Avenida|Av\.?|Plaza|Pza\.?|Paseo|Carrera|Cra\.?|Calzada|Camino|Carretera|Ronda|Pasaje|Rua|Travessa|"
    r"Praça|Alameda|Estrada|Largo|Via|Viale|Piazza|Corso|Vicolo|[Uu]l\.|[Uu]lica|[Aa]l\.|[Aa]leja|[Oo]s\."
)
_STREETS = (
    # 221B Baker Street · 1600 N Main St · 350 5th Ave
    rf"(?:\b{_UNIT},\s)?\b\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,?\s+(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}(?i:{_TYPES})\b\.?(?:\s(?:N|S|E|W|NE|NW|SE|SW)\b)?",
    # 12 baker street, as people type it
    rf"\b\d{{1,5}}[a-z]?\s+(?!(?:am|pm|on|the|in|at|to|of|a|my|by|for|and|down|o'clock|days?|hours?|min\w{{0,6}})\b)"
    rf"[a-z'’]{{3,40}}\s(?:(?!on\b|the\b|in\b|at\b|to\b|of\b)[a-z'’]{{3,40}}\s)?(?:{_SURE})\b",
    r"(?i:\bP\.?\s?O\.?\s?Box\s+\d{1,6})",
    # Hauptstraße 5 · Karl-Marx-Allee 12a · Unter den Linden 77
    rf"\b(?:[A-ZÄÖÜ][\wäöüß.-]{{0,40}}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer|chaussee|-(?:Allee|Platz|Stra(?:ß|ss)e|Str\.|Weg|Ring|Damm|Ufer))|"
    rf"(?:{_WORD}\s)?(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Gasse)|"
    rf"(?:Am|An der|Im|In der|Auf dem|Unter den|Zum|Zur)\s{_WORD})\s+{_NUMBER}(?![\d:.])",
    # Prinsengracht 263
    rf"\b[A-Z][\w'’-]{{0,40}}(?:\s[A-Za-z]\w{{1,40}})?(?:straat|laan|gracht|plein|kade|singel|dijk|steeg|gatan|vägen|gade|vej)\s+{_NUMBER}(?![\d:.])",
    # Calle de Alcalá, 45, 3º B · Rua Augusta, 1500 · Via Roma 10 · ul. Długa 5/7
    rf"\b(?:{_BEFORE})\s+(?:{_LINK}\s+){{0,3}}(?:{_WORD}|\d{{1,3}})(?:\s+(?:{_LINK}|{_WORD})){{0,5}}"
    rf",?\s+(?:[Nn][ºo°]?\.?\s?|#\s?|[Nn]úm\.?\s?)?{_NUMBER}(?![\d:])",
    # 12 bis, rue de la Paix
    rf"\b\d{{1,4}}(?:\s?(?:bis|ter))?,?\s+(?i:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|square|"
    rf"passage)\s+(?:{_LINK}\s*){{0,3}}{_WORD}(?: (?:{_LINK}\s*){{0,3}}{_WORD}){{0,4}}",
)
_ALONE = (
    rf"\b(?:{_UK}|{_CANADA}|{_US})\b",
    r"(?<![\w.-])\d{5}-\d{3}(?![\w-])",
    rf"(?<![\w.-])(?:\d{{2}}-\d{{3}}|\d{{4}}\s[A-Z]{{2}})\s{_WORD}",
    r"〒\s?\d{3}-?\d{4}[^\s,.]{0,40}|[一-龥]{2,3}[都道府県][一-龥ぁ-んァ-ヶー々\d０-９]{2,20}[丁番号\d０-９-]{1,20}",
    # Flat 4B, Rosewood, MG Road, Bengaluru 560038
    r"\b(?:(?:Flat|House|Plot|Door|H\.?\s?No)\.?\s?(?:No\.?\s?)?[\w/-]{1,8},\s(?:[\w .'-]{2,30},\s){0,4})?"
    r"(?:Mumbai|New Delhi|Delhi|Bengaluru|Bangalore|Hyderabad|Chennai|Kolkata|Pune|Ahmedabad|Jaipur|Lucknow|"
    r"Gurgaon|Noida|Kochi)"
    r"[ ,-]{1,8}\d{3}\s?\d{3}\b",
)


def find(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each; the whole address where it is found whole."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield match.span()


@cache
def _patterns() -> list[re.Pattern[str]]:
    """Made when first needed: that takes longer than a process needs to start, and most never look for addresses."""
    return [regex(_bounded(each)) for each in (*(f"{street}{_TAIL}" for street in _STREETS), *_ALONE)]


def _bounded(pattern: str) -> str:
    """No gap is longer than people leave one: what is looked for behind a long run, from each of its places, takes the
    square of its length."""
    return pattern.replace(r"\s+", r"\s{1,8}").replace(r"\s*", r"\s{0,8}")
