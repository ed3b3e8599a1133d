"""A plain text for a follow-up, by tone and length. What a person edits before it goes out, not prose.

It is in the language that is asked for, else in the contact's: a grammar does not know which the source is in. It holds
nothing but the follow-up's title, which is in whatever language that was: a grammar has no facts.
"""

from typing import Literal

from concierge.llm.local.said import Manner, Phrases, phrases
from concierge.llm.purposes import Drafted, DraftPrompt

_TONES: dict[str, Literal["friendly", "formal"]] = {
    **dict.fromkeys(("friendly", "casual", "informal", "warm", "cheerful", "less formal"), "friendly"),
    **dict.fromkeys(("formal", "professional", "polite", "serious", "less friendly", "less casual"), "formal"),
}
_SHORT_CHANNELS = {"whatsapp", "instagram", "webchat", "sms"}


def draft(prompt: DraftPrompt) -> Drafted:
    """The same prompt gives the same text, another than the one before. An unknown tone is neutral."""
    words = phrases(prompt.language or prompt.spoken)
    manner = _manner(words, prompt.tone)
    title = prompt.title.strip().rstrip(".") or words.last_talk
    first, second = (_text(manner, body.format(title=title), prompt) for body in manner.bodies)
    return Drafted(second if prompt.before == first else first)


def _manner(words: Phrases, tone: str) -> Manner:
    match _TONES.get(tone.strip().lower()):
        case "friendly":
            return words.friendly
        case "formal":
            return words.formal
        case None:
            return words.neutral


def _text(manner: Manner, said: str, prompt: DraftPrompt) -> str:
    if prompt.length == "short":
        return said[:1].upper() + said[1:]  # some languages go on in lower case behind the opening
    parts = [manner.opening, said, *([manner.more] if prompt.length == "long" else []), manner.closing]
    if prompt.channel in _SHORT_CHANNELS:
        return " ".join(parts).replace("\n\n", " ")
    return "\n\n".join(parts)
