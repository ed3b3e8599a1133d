"""Numbers of identity papers, insurances and tax offices: by form and check digit, or beside a word that says so."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.tr import tckimlik

from concierge.llm.patterns import regex

_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = tuple(
    (regex(rf"(?<![\w.-])(?:{form})(?![\w-]|\.\d)", re.IGNORECASE), valid)
    for form, valid in (
        (r"\d{8}[ -]?[A-Z]", dni.is_valid),
        (r"[XYZ][ -]?\d{7}[ -]?[A-Z]", nie.is_valid),
        (r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]", codicefiscale.is_valid),
        (r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", nir.is_valid),
        (r"\d{3}\.\d{3}\.\d{3}-\d{2}", cpf.is_valid),
        (r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", bool),
        (r"\d{11}", lambda number: pesel.is_valid(number) or tckimlik.is_valid(number)),
        (r"\d{4} \d{4} \d{4}|\d{12}", aadhaar.is_valid),
        (r"[A-Z]{5}\d{4}[A-Z]", pan.is_valid),
        (r"\d{3}[ -]\d{3}[ -]\d{3}", sin.is_valid),
        (r"756\.\d{4}\.\d{4}\.\d{2}", ahv.is_valid),
        (r"(?:\d{2})?\d{6}[-+]\d{4}", personnummer.is_valid),
        (r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d", curp.is_valid),
        (r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", rut.is_valid),
        (r"\d{6}-\d{7}", rrn.is_valid),
        (r"\d{17}[\dX]", ric.is_valid),
    )
)
_NAMED = regex(
    r"(?:passport|pasaporte|passeport|reisepass|passaporto|paspoort|personalausweis|ausweis|carte d'identité|"
    r"driv(?:er|ing)(?:'|’)?s? licen[cs]e|licence|führerschein|permiso de conducir|national id|id card|"
    r"national insurance|steuer-?id(?:nummer)?|tax id|tin|tfn|nhs|bsn|cpf|ssn|sin|nif|dni|rfc|"
    r"sozialversicherungsnummer)"
    r"(?:\s{0,5}(?:number|nummer|num(?:ber)?|número|numero|numéro|nr|no|nº|n°))?\.?"
    r"(?:\s{1,5}(?:is|ist|es|est|è|é|lautet))?\s{0,5}[:#]?\s{0,5}"
    r"(?P<number>(?=[A-Z]{0,15}\d)[A-Z\d](?:[ .-]?[A-Z\d]){4,14})(?!\w)",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, compact number) of each."""
    for pattern, valid in _FORMS:
        for match in pattern.finditer(text):
            if valid(match[0].upper()):
                yield *match.span(), _compact(match[0])
    for match in _NAMED.finditer(text):
        number = _until_words(match["number"])
        if sum(char.isdigit() for char in number) >= 2 and len(number) > 5:
            yield match.start("number"), match.start("number") + len(number), _compact(number)


def _until_words(number: str) -> str:
    """Without the words that follow it: letters that no digit is among."""
    pieces: list[str] = []
    for piece in re.split(r"(?<= )", number):
        if pieces and not any(char.isdigit() for char in piece):
            break
        pieces.append(piece)
    return "".join(pieces).rstrip(" .-")


def _compact(number: str) -> str:
    return re.sub(r"[ .-]", "", number).upper()
