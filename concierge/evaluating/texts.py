"""What must hold of a text that a model wrote, as far as it can be said without another model. Pure.

    has words          it says so (any letter case; `a | b` one of them)
    not words          it does not
    most 2 sentences   also words, characters, paragraphs; `least` is the other end
    in es              the language it is written in
    asks one           at most one question; `asks none`
    human              a human is wanted; `no human`
    silent             there is nothing to say

Of every text it is wanted that it holds no number, link, address or placeholder that stands nowhere in what was asked.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from concierge.evaluating.languages import language_of
from concierge.llm.prompts import render
from concierge.llm.purposes import Prompt

MARKS = frozenset({"has", "not", "most", "least", "in", "asks", "human", "no", "silent"})
_WORD = re.compile(r"[\w'’-]+")
_SENTENCE = re.compile(r"[^.!?…。؟।]+[.!?…。؟।]+(?=\s|$)|[^.!?…。؟।]+$")
_FACT = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.[\w.]+|\d[\d.,:/-]*\d|\d{2,}")
_BLANK = re.compile(r"[<\[{](?:[A-Za-z][\w ’'-]{0,30})[>\]}]")
_QUESTION = re.compile(r"[?？؟]")


def wrong_check(check: str) -> str | None:
    """What is wrong with a line of a case; None if it can be judged."""
    mark, _, rest = check.partition(" ")
    if mark in {"most", "least"} and not re.fullmatch(r"\d+ (?:sentence|word|character|paragraph)s?", rest):
        return "say how many: “most 2 sentences”"
    if mark == "asks" and rest not in {"one", "none"}:
        return "say “asks one” or “asks none”"
    if (mark in {"human", "silent"} and rest) or (mark == "no" and rest != "human"):
        return f"“{check}” cannot be judged"
    return None if rest or mark in {"human", "silent"} else f"“{mark}” what?"


def holds(check: str, text: str, *, wants_human: bool) -> bool:
    """Whether the text is as the line says."""
    mark, _, rest = check.partition(" ")
    if mark in {"human", "no"}:
        return wants_human is (mark == "human")
    return _JUDGES[mark](text, rest)


def _has(text: str, words: str) -> bool:
    said = _plain(text)
    return any(_plain(each) in said for each in words.split(" | "))


def _most(text: str, limit: str) -> bool:
    number, _, unit = limit.partition(" ")
    return _count(text, unit) <= int(number)


def _least(text: str, limit: str) -> bool:
    number, _, unit = limit.partition(" ")
    return _count(text, unit) >= int(number)


_JUDGES: dict[str, Callable[[str, str], bool]] = {
    "has": _has,
    "not": lambda text, words: not _has(text, words),
    "most": _most,
    "least": _least,
    "in": lambda text, language: language_of(text) == language,
    "asks": lambda text, many: len(_QUESTION.findall(text)) <= (many == "one"),
    "silent": lambda text, _: not text.strip(),
}


def invented(text: str, prompt: Prompt) -> Iterator[str]:
    """What the text claims that stands nowhere in what was asked."""
    known = _plain(msgspec.json.encode(_everything(prompt)).decode())
    for blank in _BLANK.findall(text):
        yield f"leaves a blank: {blank}"
    for fact in dict.fromkeys(match.rstrip(".,:/-") for match in _FACT.findall(text)):
        if _plain(fact) not in known:
            yield f"invents {fact}"


def _everything(prompt: Prompt) -> list[Any]:
    return [render(prompt).messages, [*prompt.private]]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").replace("\\n", " ").split())


def _count(text: str, unit: str) -> int:
    match unit.rstrip("s"):
        case "sentence":
            return len(_SENTENCE.findall(" ".join(text.split())))
        case "word":
            return len(_WORD.findall(text))
        case "paragraph":
            return len([each for each in re.split(r"\n\s*\n", text) if each.strip()])
        case _:
            return len(text)
