"""What the offline model answers: that the message was seen, and whether a human was asked for."""

import re

from concierge.llm.patterns import regex
from concierge.llm.purposes import Replied, ReplyPrompt

NOTED = "Noted."
HANDED_OVER = "Noted. Somebody will take over from here."
_HUMAN = regex(
    r"\b(?:(?:talk|speak|chat|write) (?:to|with)|connect me (?:to|with)|want|need|get me|is there) "
    r"(?:an?|some|the|your|another)? ?(?:real |actual |live )?"
    r"(?:human|person|people|somebody|someone|agent|manager|representative|operator|colleague|staff)\b|"
    r"\b(?:real|actual|live) (?:human|person|agent)\b|\bhuman being\b",
    re.IGNORECASE,
)


def reply(prompt: ReplyPrompt) -> Replied:
    """The same words for everybody: a grammar holds no conversation."""
    unread = prompt.turns[len(prompt.turns) - prompt.unread :]
    wants_human = any(asks_for_human(turn.text) for turn in unread)
    return Replied(HANDED_OVER if wants_human and prompt.hands_over else NOTED, wants_human=wants_human)


def asks_for_human(text: str) -> bool:
    """Whether somebody would rather talk to a person."""
    return _HUMAN.search(text) is not None
