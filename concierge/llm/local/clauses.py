"""A message, cut down to what was written now and apart into clauses that can be read one by one.

`Clause.text` keeps the writer's letters with runs of blanks made one; `Clause.lower` is the same text for the rules,
with everything that only looks like time (addresses, links, "good morning") blotted out, character for character.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from concierge.llm.local.words import MONTH, WEEKDAY
from concierge.llm.patterns import regex

_READ_AT_MOST = 4000
"""Characters of a message that are read: a request stands at its beginning, and the time to read it stays bounded."""

_TYPOGRAPHIC = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u2013": "-",
        "\u2014": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u201c": '"',
        "\u201d": '"',
    }
)
_QUOTED_BELOW = regex(
    r"^(?:on .{5,120} wrote:|-{2,} ?original message|-{2,} ?forwarded message|from: .+@|_{5,}|sent from my |"
    r"get outlook for )",
    re.IGNORECASE,
)
_SIGNED_BELOW = regex(
    r"^(?:-- ?|(?:best|kind|warm|many|with)?(?: (?:best|kind|warm))? ?(?:regards|wishes|thanks)|best|cheers|"
    r"sincerely|yours(?: \w+)?|"
    r"thanks|thank you|thx|talk soon),?!?$",
    re.IGNORECASE,
)
_BLOTTED = regex(
    r"[^\s@]{1,64}@[^\s@]{1,253}|(?:https?://|www\.)\S{1,2000}|"
    r"\+\d[\d ().-]{6,20}\d|(?<![\d/.-])\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}(?!\d)|(?<![\d/.:-])\d{3}-\d{4}(?!\d)|\d{9,}|"
    r"\bgood (?:morning|afternoon|evening|night|day)\b|"
    r"\b(?:have|enjoy) (?:a|your|the) (?:\w+ )?(?:day|evening|weekend|week|night|morning|afternoon)\b|"
    r"\bday[ -](?:to|by)[ -]day\b|\b24/7\b|\btime and time again\b|\bmorning(?=[,!]| all| everyone| team)|"
    r"\bthank you for (?:your|the) [^.!?\n]*|\bthank(?:s| you)(?: so much| a lot)? for (?:today|tonight|this \w+)\b|"
    r"\b(?:business|working|office|opening) hours\b|"
    r"\bmay (?:i|we|you|have|be|not|need|want)\b"
)
_ISO_T = regex(r"(?<=\d{4}-\d\d-\d\d)t(?=\d\d:\d\d)")
_SENTENCE_END = regex(
    r"(?<!\bjan)(?<!\bfeb)(?<!\bmar)(?<!\bapr)(?<!\bjun)(?<!\bjul)(?<!\baug)(?<!\bsept)(?<!\bsep)(?<!\boct)(?<!\bnov)"
    r"(?<!\bdec)(?<!\bmon)(?<!\btues)(?<!\btue)(?<!\bweds)(?<!\bwed)(?<!\bthurs)(?<!\bthur)(?<!\bthu)(?<!\bfri)"
    r"(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bst)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)(?<!\bno)(?<!\bapprox)(?<! [a-z])"
    r"[.](?= |$)|[!?;\n]+(?= |$|\n|\S)"
)
_GOES_ON = regex(rf" (?:[a-z]|(?i:{WEEKDAY}|{MONTH})\b)")
_MERIDIEM_DOT = regex(r"[ap]\.?m\.$")


class Clause(Struct, frozen=True):
    """What is read at once: a sentence, or the part of one that holds a request of its own."""

    text: str
    lower: str
    question: bool  # it ended in a question mark


def written_now(text: str) -> str:
    """The message without quoted lines, signature and what was forwarded, at most `_READ_AT_MOST` characters."""
    kept: list[str] = []
    for line in text[: 4 * _READ_AT_MOST].translate(_TYPOGRAPHIC).splitlines():
        bare = " ".join(line.replace("\0", " ").split())
        if bare.startswith(">"):
            continue
        if _QUOTED_BELOW.match(bare) or (kept and _SIGNED_BELOW.match(bare)):
            break
        kept.append(bare)
    return "\n".join(kept).strip()[:_READ_AT_MOST]


def clauses(text: str) -> list[Clause]:
    """The sentences of a text that `written_now` gave."""
    return [one for sentence, question in _sentences(text) if (one := clause(sentence, question=question)).text]


def clause(text: str, *, question: bool = False) -> Clause:
    """One clause, ready to be read."""
    text = text.strip(" \n\t,-*\u2022")
    lower = text.lower() if text.isascii() else "".join(map(_small, text))
    lower = _ISO_T.sub(" ", _BLOTTED.sub(lambda match: "\u00a4" * len(match[0]), lower))
    return Clause(text, lower, question)


def _small(char: str) -> str:
    """One character for one, so that places stay the same."""
    small = char.lower()
    return small if len(small) == 1 else "?"


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    lower, at = text.lower(), 0
    if len(lower) != len(text):
        lower = text
    for end in _SENTENCE_END.finditer(lower):
        if _MERIDIEM_DOT.search(lower, max(0, end.start() - 4), end.end()) and _GOES_ON.match(text, end.end()):
            continue  # "at 3 p.m. please"
        yield _unwrapped(text[at : end.start()]), "?" in end[0]
        at = end.end()
    yield text[at:], False


def _unwrapped(sentence: str) -> str:
    return sentence.replace("\n", " ")
