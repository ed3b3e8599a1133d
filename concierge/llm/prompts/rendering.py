"""A prompt as the texts that go over the wire."""

from functools import cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct

from concierge.llm.purposes import DraftPrompt, ExtractPrompt, Prompt

LONGEST_TEXT = 20_000
"""Characters of one message that a model is shown."""


class Rendered(Struct, frozen=True):
    """The instructions, and the messages that follow them, as `{"role": …, "content": …}`."""

    system: str
    messages: list[dict[str, str]]


def render(prompt: Prompt) -> Rendered:
    """The instructions of the prompt's purpose, and its data as one user message. `private` and `asker` stay here."""
    data = msgspec.json.format(msgspec.json.encode(_data(prompt)), indent=1).decode()
    return Rendered(instructions(prompt.purpose), [{"role": "user", "content": data}])


@cache
def instructions(purpose: str) -> str:
    """The text of `prompts/<purpose>.md`."""
    return resources.files("concierge.llm.prompts").joinpath(f"{purpose}.md").read_text("utf-8")


def _data(prompt: Prompt) -> dict[str, Any]:
    match prompt:
        case ExtractPrompt():
            read = len(prompt.turns) - prompt.unread
            return {
                "now": f"{prompt.now.isoformat(timespec='seconds')} ({prompt.now:%A})",
                "zone": prompt.zone,
                "default_draft": prompt.default_draft,
                "open_questions": [{"ref": each.ref, "title": each.title} for each in prompt.questions],
                "earlier": [{"who": turn.who, "text": turn.text[:LONGEST_TEXT]} for turn in prompt.turns[:read]],
                "subject": prompt.subject,
                "new_messages": [turn.text[:LONGEST_TEXT] for turn in prompt.turns[read:]],
            }
        case DraftPrompt():
            return {
                "follow_up": prompt.title,
                "original_message": prompt.source[:LONGEST_TEXT],
                "tone": prompt.tone,
                "channel": prompt.channel,
            }
