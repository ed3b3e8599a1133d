"""A plain text for a follow-up, by tone. What a person edits before it goes out, not prose."""

from concierge.llm.purposes import Drafted, DraftPrompt

_OPENING = {"friendly": "Hi there,", "formal": "Dear Sir or Madam,"}
_BODY = {
    "friendly": "Just a quick note about this: {title}.",
    "formal": "I am writing with regard to the following: {title}.",
}
_CLOSING = {
    "friendly": "Let me know how it looks on your side. Thanks!",
    "formal": "I would be grateful for your reply at your earliest convenience.\n\nKind regards",
}
_SHORT_CHANNELS = {"whatsapp", "instagram", "webchat", "sms"}


def draft(prompt: DraftPrompt) -> Drafted:
    """The same prompt gives the same text. An unknown tone is neutral."""
    tone = prompt.tone.strip().lower()
    title = prompt.title.strip().rstrip(".") or "our last conversation"
    opening = _OPENING.get(tone, "Hello,")
    body = _BODY.get(tone, "I am following up on this: {title}.").format(title=title)
    closing = _CLOSING.get(tone, "Could you let me know where this stands? Thank you.")
    if prompt.channel in _SHORT_CHANNELS:
        return Drafted(f"{opening} {body} {closing}".replace("\n\n", " "))
    return Drafted(f"{opening}\n\n{body}\n\n{closing}")
