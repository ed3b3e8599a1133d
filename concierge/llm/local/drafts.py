"""A plain text for a follow-up, by tone and length. What a person edits before it goes out, not prose.

It is English, whatever language is asked for, and holds nothing but the follow-up's title: a grammar has no facts.
"""

from msgspec import Struct

from concierge.llm.purposes import Drafted, DraftPrompt


class _Manner(Struct, frozen=True):
    """How a tone sounds. Of bodies the second is for whoever did not like the first."""

    opening: str
    bodies: tuple[str, str]
    closing: str
    more: str  # said in a long text only


_NEUTRAL = _Manner(
    "Hello,",
    ("I am following up on this: {title}.", "I wanted to come back to this: {title}."),
    "Could you let me know where this stands? Thank you.",
    "If anything is missing on my side, please tell me what you need.",
)
_FRIENDLY = _Manner(
    "Hi there,",
    ("Just a quick note about this: {title}.", "I thought I'd check in on this: {title}."),
    "Let me know how it looks on your side. Thanks!",
    "If there's anything you need from me, just say so.",
)
_FORMAL = _Manner(
    "Dear Sir or Madam,",
    ("I am writing with regard to the following: {title}.", "I would like to draw your attention to this: {title}."),
    "I would be grateful for your reply at your earliest convenience.\n\nKind regards",
    "Should you require any further information, please do not hesitate to contact me.",
)
_MANNERS = {
    **dict.fromkeys(("friendly", "casual", "informal", "warm", "cheerful", "less formal"), _FRIENDLY),
    **dict.fromkeys(("formal", "professional", "polite", "serious", "less friendly", "less casual"), _FORMAL),
}
_SHORT_CHANNELS = {"whatsapp", "instagram", "webchat", "sms"}


def draft(prompt: DraftPrompt) -> Drafted:
    """The same prompt gives the same text, another than the one before. An unknown tone is neutral."""
    manner = _MANNERS.get(prompt.tone.strip().lower(), _NEUTRAL)
    first, second = (_text(manner, body, prompt) for body in manner.bodies)
    return Drafted(second if prompt.before == first else first)


def _text(manner: _Manner, body: str, prompt: DraftPrompt) -> str:
    said = body.format(title=prompt.title.strip().rstrip(".") or "our last conversation")
    if prompt.length == "short":
        return said
    parts = [manner.opening, said, *([manner.more] if prompt.length == "long" else []), manner.closing]
    if prompt.channel in _SHORT_CHANNELS:
        return " ".join(parts).replace("\n\n", " ")
    return "\n\n".join(parts)
