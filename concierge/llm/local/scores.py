"""A lead read without a model: only what has a form, such as an address, a name after "I am", an amount, a hurry."""

import re

from concierge.llm.detecting import detect
from concierge.llm.local.reading import read_time
from concierge.llm.local.when import reference
from concierge.llm.patterns import regex
from concierge.llm.purposes import Scored, ScorePrompt, When

_NAME = regex(r"\b(?:[Mm]y name is|[Tt]his is|I am|I'm|I’m)\s+((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+){0,2})")
_PROPER = r"[A-Z](?:[\w&'’-]|\.(?=\w))*"  # a dot within it, not the one that ends a sentence
_COMPANY = regex(rf"\b(?:work (?:at|for)|from|of|company is(?: called)?)\s+({_PROPER}(?:\s+{_PROPER}){{0,3}})")
_HURRY = regex(r"\b(?:urgent(?:ly)?|asap|as soon as possible|immediately|right away|today)\b", re.IGNORECASE)
_SOON = regex(r"\b(?:soon|this week|next week|tomorrow|this month)\b", re.IGNORECASE)
_LATER = regex(r"\b(?:no rush|no hurry|just (?:looking|browsing|curious)|some ?day|next year)\b", re.IGNORECASE)
_AMOUNT = regex(
    r"(?:[$€£]|\b(?:usd|eur|gbp)\b)\s?\d|\d\s?(?:[$€£]|(?:usd|eur|gbp|dollars|euros?|pounds)\b)", re.IGNORECASE
)
_TIGHT = regex(r"\b(?:too expensive|cheap(?:er|est)?|tight budget|no budget|can(?:'|’)?t afford)\b", re.IGNORECASE)
_DEMO = regex(r"\b(?:demo|call|meeting|meet|appointment|visit|show (?:me|us))\b", re.IGNORECASE)
_REMINDER = regex(r"\bremind", re.IGNORECASE)
_WANT = regex(
    r"\b(?:I|we)(?:'d| would)? (?:need|want|like|are looking for|am looking for)\s+([^.!?,;\n]+)", re.IGNORECASE
)
_MOST_WORDS = 6  # of an intent


def score(prompt: ScorePrompt) -> Scored:
    """The same conversation gives the same form. `fit` and `notice` need understanding: always null."""
    texts = [turn.text for turn in prompt.turns if turn.who == "contact"]
    text = "\n".join(texts)
    emails = [text[each.start : each.end] for each in detect(text) if each.kind == "EMAIL"]
    name, company = _NAME.search(text), _COMPANY.search(text)
    return Scored(
        name=name[1] if name else None,
        email=emails[-1] if emails else None,
        company=company[1] if company else None,
        intent=_intent(text),
        urgency=3 if _HURRY.search(text) else 1 if _LATER.search(text) else 2 if _SOON.search(text) else None,
        budget=1 if _TIGHT.search(text) else 2 if _AMOUNT.search(text) else None,
        fit=None,
        engagement=min(3, 1 + len(texts) // 3) if texts else None,
        demo=_demo(texts, prompt),
        notice=None,
    )


def _intent(text: str) -> str | None:
    """The words after "we need", as they were written."""
    wanted = _WANT.findall(text)
    return " ".join(wanted[-1].split()[:_MOST_WORDS]) if wanted else None


def _demo(texts: list[str], prompt: ScorePrompt) -> When | None:
    """The time in the last sentence that asks to meet, read as the time of a follow-up is."""
    sentences = [
        each
        for text in texts
        for each in re.split(r"(?<=[.!?])\s+", text)
        if _DEMO.search(each) and not _REMINDER.search(each)
    ]
    return read_time(sentences[-1], reference(prompt.now, prompt.zone)) if sentences else None
