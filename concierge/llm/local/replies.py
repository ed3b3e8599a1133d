"""What the offline model answers: that the message was seen, and whether a human was asked for."""

import re

from concierge.llm.local.said import phrases
from concierge.llm.patterns import regex
from concierge.llm.purposes import Replied, ReplyPrompt

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
    words = phrases(prompt.language or prompt.spoken)
    return Replied(words.handed_over if wants_human and prompt.hands_over else words.noted, wants_human=wants_human)


def asks_for_human(text: str) -> bool:
    """Whether somebody would rather talk to a person."""
    return _HUMAN.search(text) is not None
