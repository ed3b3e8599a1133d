"""A lead read without a model: only what has a form, such as an address, a name after "I am", an amount, a hurry."""

import re

from concierge.llm.detecting import detect
from concierge.llm.purposes import Scored, ScorePrompt

_NAME = re.compile(r"\b(?:[Mm]y name is|[Tt]his is|I am|I'm|I’m)\s+((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+){0,2})")
_COMPANY = re.compile(
    r"\b(?:work (?:at|for)|from|of|company is(?: called)?)\s+((?:[A-Z][\w&.'’-]*)(?:\s+[A-Z][\w&.'’-]*){0,3})"
)
_HURRY = re.compile(r"\b(?:urgent(?:ly)?|asap|as soon as possible|immediately|right away|today)\b", re.IGNORECASE)
_SOON = re.compile(r"\b(?:soon|this week|next week|tomorrow|this month)\b", re.IGNORECASE)
_LATER = re.compile(r"\b(?:no rush|no hurry|just (?:looking|browsing|curious)|some ?day|next year)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?:[$€£]|\b(?:usd|eur|gbp)\b)\s?\d|\d\s?(?:[$€£]|(?:usd|eur|gbp|dollars|euros?|pounds)\b)", re.IGNORECASE
)
_TIGHT = re.compile(r"\b(?:too expensive|cheap(?:er|est)?|tight budget|no budget|can(?:'|’)?t afford)\b", re.IGNORECASE)


def score(prompt: ScorePrompt) -> Scored:
    """The same conversation gives the same form. `fit`, `intent` and `demo` need understanding: always null."""
    texts = [turn.text for turn in prompt.turns if turn.who == "contact"]
    text = "\n".join(texts)
    emails = [text[each.start : each.end] for each in detect(text) if each.kind == "EMAIL"]
    name, company = _NAME.search(text), _COMPANY.search(text)
    return Scored(
        name=name[1] if name else None,
        email=emails[-1] if emails else None,
        company=company[1].rstrip(".") if company else None,
        intent=None,
        urgency=3 if _HURRY.search(text) else 1 if _LATER.search(text) else 2 if _SOON.search(text) else None,
        budget=1 if _TIGHT.search(text) else 2 if _AMOUNT.search(text) else None,
        fit=None,
        engagement=min(3, 1 + len(texts) // 3) if texts else None,
        demo=None,
        notice=None,
    )
