"""A prompt as the texts that go over the wire."""

import hashlib
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct

from concierge.llm.purposes import (
    DraftPrompt,
    ExtractPrompt,
    IntakePrompt,
    Prompt,
    ReplyPrompt,
    Said,
    ScorePrompt,
    SummarisePrompt,
)

LONGEST_TEXT = 20_000
"""Characters of one message that a model is shown."""


class Rendered(Struct, frozen=True):
    """The instructions, and the messages that follow them, as `{"role": …, "content": …}`."""

    system: str
    messages: list[dict[str, str]]


def render(prompt: Prompt) -> Rendered:
    """The instructions of the prompt's version, and its data as one user message. `private` and `asker` stay here."""
    data = msgspec.json.format(msgspec.json.encode(_data(prompt)), indent=1).decode()
    return Rendered(instructions(prompt.version), [{"role": "user", "content": data}])


@cache
def instructions(version: str) -> str:
    """The text of `prompts/<version>.md`."""
    return resources.files("concierge.llm.prompts").joinpath(f"{version}.md").read_text("utf-8")


@cache
def fingerprint(version: str) -> str:
    """Twelve hex digits that change with the text of the instructions."""
    return hashlib.sha256(instructions(version).encode()).hexdigest()[:12]


def _data(prompt: Prompt) -> dict[str, Any]:
    match prompt:
        case ExtractPrompt():
            read = len(prompt.turns) - prompt.unread
            return {
                "now": _now(prompt),
                "zone": prompt.zone,
                "default_draft": prompt.default_draft,
                "open_questions": [{"ref": each.ref, "title": each.title} for each in prompt.questions],
                "follow_ups": [msgspec.to_builtins(each) for each in prompt.open],
                "drafts": [msgspec.to_builtins(each) for each in prompt.drafts],
                "earlier": _said(prompt.turns[:read]),
                "subject": prompt.subject,
                "new_messages": [_shown(turn) for turn in prompt.turns[read:]],
            }
        case IntakePrompt():
            read = len(prompt.turns) - prompt.unread
            return {
                "wanted": [{"key": each.key, "kind": each.kind, "question": each.question} for each in prompt.wanted],
                "asked": prompt.asked,
                "services": [{"name": each.name, "words": each.words} for each in prompt.offers],
                "earlier": _said(prompt.turns[:read]),
                "new_messages": [_shown(turn) for turn in prompt.turns[read:]],
            }
        case DraftPrompt():
            return {
                "follow_up": prompt.title,
                "original_message": prompt.source[:LONGEST_TEXT],
                "tone": prompt.tone,
                "channel": prompt.channel,
                "length": prompt.length,
                "language": prompt.language,
                "before": prompt.before,
                "wish": prompt.wish,
            }
        case ReplyPrompt():
            read = len(prompt.turns) - prompt.unread
            return {
                "instructions": prompt.instructions[:LONGEST_TEXT],
                "facts": prompt.facts,
                "now": _now(prompt),
                "zone": prompt.zone,
                "tone": prompt.tone,
                "channel": prompt.channel,
                "language": prompt.language,
                "hands_over": prompt.hands_over,
                "earlier": _said(prompt.turns[:read]),
                "new_messages": [_shown(turn) for turn in prompt.turns[read:]],
            }
        case ScorePrompt():
            return {
                "business": prompt.business[:LONGEST_TEXT],
                "now": _now(prompt),
                "zone": prompt.zone,
                "conversation": _said(prompt.turns),
            }
        case SummarisePrompt():
            return {"before": prompt.before, "language": prompt.language, "conversation": _said(prompt.turns)}


def _now(prompt: ExtractPrompt | ReplyPrompt | ScorePrompt) -> str:
    return f"{prompt.now.isoformat(timespec='seconds')} ({prompt.now:%A})"


def _said(turns: tuple[Said, ...]) -> list[dict[str, str]]:
    return [{"who": turn.who, "text": _shown(turn)} for turn in turns]


def _shown(turn: Said) -> str:
    """Its words, after what they came with in square brackets."""
    text = turn.text[:LONGEST_TEXT]
    return f"[{turn.context}] {text}" if turn.context else text
