"""Asking `local` as a conversation would: now is Wednesday 18 November 2026, 10:07, in New York."""

from datetime import datetime

from concierge.llm.local.reading import read
from concierge.llm.purposes import ExtractPrompt, FoundTask, OpenQuestion, Said

NOW = datetime(2026, 11, 18, 10, 7)  # noqa: DTZ001 - a wall time


def tasks(
    *texts: str,
    now: datetime = NOW,
    zone: str = "America/New_York",
    subject: str | None = None,
    questions: tuple[OpenQuestion, ...] = (),
    default_draft: bool = False,
) -> list[FoundTask]:
    prompt = ExtractPrompt(
        now=now,
        zone=zone,
        default_draft=default_draft,
        questions=questions,
        turns=tuple(Said("contact", text) for text in texts),
        unread=len(texts),
        subject=subject,
        private=(),
    )
    return read(prompt).tasks


def one(text: str, **context: object) -> FoundTask:
    found = tasks(text, **context)  # type: ignore[arg-type]
    assert len(found) == 1, found
    return found[0]
