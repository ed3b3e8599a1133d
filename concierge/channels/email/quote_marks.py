"""The lines by which a quoted or a forwarded mail is known in a text. `at` is the index of a line.

A mark counts only with its evidence: a line that announces a quote must name a time or an address, a block of headers
must have a sender and a date or a subject.
"""

import re
from collections.abc import Sequence

from concierge.channels.email.quote_words import FORWARDED, HEADERS, OPENERS, SEPARATOR, WROTE

LONGEST_LINE = 400
LONGEST_ANNOUNCEMENT = 5  # lines: mail programs fold it
LONGEST_BLOCK = 8  # lines of headers
_DECORATION = " \t*-_\ufeff\u200b\xa0"

_PLAIN = str.maketrans({"：": ":", "\u200e": None, "\u200f": None})  # marks of direction, by Windows Mail
_RULE = re.compile(r"[_=-]{10,}$")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|\b\d{1,2}\D{1,14}(?:19|20)\d{2}\b|\b(?:19|20)\d{2}\W{1,3}\w")
_OPENS = re.compile(rf"(?:{'|'.join(map(re.escape, OPENERS))})\b.*\d", re.IGNORECASE)
_DATED = re.compile(r"(?:19|20)\d{2}\D{1,3}\d{1,2}\D")  # “2013/7/20 Bob <bob@example.com>”


def quoted(line: str) -> bool:
    """Whether the line is quoted by “>”."""
    return line.startswith((">", " >"))


def separates(line: str) -> bool:
    """“-----Original Message-----”, “---- Bob wrote ----”."""
    return SEPARATOR.match(line.strip(" \t*")) is not None


def announced(lines: Sequence[str], at: int) -> int:
    """How many lines “On … wrote:” has that begins here; 0 where none does."""
    told = ""
    for n, line in enumerate(lines[at : at + LONGEST_ANNOUNCEMENT], 1):
        bare = line.strip(_DECORATION)
        if len(bare) > LONGEST_LINE or (told and _OPENS.match(bare)):
            return 0
        if not bare:
            if told and at + n < len(lines) and lines[at + n].lstrip().startswith("<"):
                continue  # the address of a link, on a line of its own
            return 0
        told = f"{told} {bare}".strip()
        if _announces(told):
            return n
        if n == 1 and not _begins(bare):
            return 0
    return 0


def headed(lines: Sequence[str], at: int) -> bool:
    """Whether the quoted mail's own headers begin here, as Outlook writes them.

    “From: Berlin, To: Munich, Date: 12 May” is somebody's trip: it takes an address, a subject, or the word “Sent”.
    """
    if _header(lines[at])[0] not in {"from", "sent", "date", "subject"}:
        return False
    found = dict(reversed([_header(line) for line in lines[at : at + LONGEST_BLOCK]]))
    if "from" not in found:
        return False
    dated, to, subject = "sent" in found or "date" in found, "to" in found, "subject" in found
    addressed = "@" in found["from"] and (dated or (to and subject))
    return addressed or (dated and subject) or ("sent" in found and to)


def forwards(lines: Sequence[str], at: int) -> bool:
    """Whether a forwarded mail begins here: “---------- Forwarded message ----------”, “Begin forwarded message:”."""
    bare = lines[at].strip(" \t>*")
    if not (bare.startswith("--") or bare.endswith((":", "："))) or len(bare) > LONGEST_LINE:
        return False
    if FORWARDED.search(bare) is None:
        return False
    below = next((line for line in lines[at + 1 : at + 4] if line.strip(" \t>*")), "")
    return bare.startswith("--") or below.startswith(">") or bool(_header(below)[0])


def with_line_above(lines: Sequence[str], at: int) -> int:
    """Where the thread begins if the line above belongs to it: a rule, or what announces a quote in any language."""
    above = _filled_above(lines, at)
    bare = lines[above].strip(_DECORATION) if above >= 0 else ""
    if above >= 0 and _RULE.match(lines[above].strip()):
        return above
    if len(bare) > LONGEST_LINE or not quoted(lines[at]):
        return at
    if bare.endswith((":", "：")):
        before = lines[above - 1][:LONGEST_LINE] if above > 0 and not _TIME.search(bare) else ""
        folded = _TIME.search(before) is not None
        if _names_writing(bare) or ("@" in bare and (folded or _TIME.search(bare))):
            return above - 1 if folded else above
    return above if _DATED.match(bare) and "@" in bare else at


def _filled_above(lines: Sequence[str], at: int) -> int:
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above


def _begins(bare: str) -> bool:
    """Whether an announcement may go on in the next line, or this is a sentence of the person's own."""
    return bool(_OPENS.match(bare)) or bare[0].isdecimal() or ("@" in bare and _names_writing(bare))


def _announces(told: str) -> bool:
    address, time = "@" in told, _TIME.search(told) is not None
    if told.endswith((":", "：")):
        return (_names_writing(told) and (address or time)) or (
            address and time and (told.endswith(">:") or told[:4].isdecimal())
        )
    return address and time and told.lower().endswith(WROTE)


def _names_writing(text: str) -> bool:
    return any(each in text.lower() for each in WROTE)


def _header(line: str) -> tuple[str, str]:
    """("from", "Bob <bob@example.com>"); empty for a line that is no header."""
    if ":" not in line and "：" not in line:  # nearly every line there is
        return "", ""
    name, colon, value = line[:LONGEST_LINE].translate(_PLAIN).partition(":")
    kind = HEADERS.get(name.strip(" *_>\t\xa0").lower(), "")
    return (kind, value) if colon and kind and value.strip(" *") else ("", "")
