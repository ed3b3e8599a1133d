"""What the lines before a case say about it, and the prompt that they make."""

import re
from datetime import datetime
from typing import Any

import msgspec

from concierge.llm.purposes import (
    DraftPrompt,
    ExtractPrompt,
    IntakePrompt,
    Offer,
    OpenDraft,
    OpenQuestion,
    OpenTask,
    Prompt,
    ReplyPrompt,
    Said,
    ScorePrompt,
    SummarisePrompt,
    Wanted,
)

_OPEN = re.compile(
    r"^(?P<ref>T\d+) (?P<title>.+?)(?: @ (?P<due>\S+))?(?: every (?P<rule>FREQ\S+))?"
    r"(?P<reminded> reminded)?(?P<latest> latest)?$"
)
OFFERS = (Offer("Family visa", ("family visa",)), Offer("Accounting", ("accounting", "bookkeeping", "vat")))


class Setting:
    """What the lines before a case say about it."""

    def __init__(self) -> None:
        self.now, self.zone = datetime(2026, 11, 18, 10, 7), "UTC"  # noqa: DTZ001  a wall time
        self.open: list[OpenTask] = []
        self.asked: list[OpenQuestion] = []
        self.earlier: list[Said] = []
        self.subject: str | None = None
        self.purpose, self.wanted = "extract", list[str]()
        self.drafts: list[OpenDraft] = []
        self.names: list[str] = []
        self.facts: list[str] = []
        self.manner: dict[str, str | None] = {}

    def take(self, word: str, rest: str) -> None:
        """Raises ValueError for a line that says nothing."""
        match word:
            case "now":
                wall, self.zone = rest.split()
                self.now = datetime.fromisoformat(wall)
            case "open":
                self.open = [] if rest == "none" else [*self.open, _open(rest)]
            case "asked":
                ref, _, title = rest.partition(" ")
                self.asked = [] if rest == "none" else [*self.asked, OpenQuestion(ref, title)]
            case "earlier":
                who, _, text = rest.partition(" ")
                turn = Said("concierge" if who == "concierge" else "contact", text.replace("\\n", "\n"))
                self.earlier = [] if rest == "none" else [*self.earlier, turn]
            case "subject":
                self.subject = None if rest == "none" else rest
            case "waits":
                ref, _, draft = rest.partition(" ")
                title, _, text = draft.partition(" | ")
                one = OpenDraft(ref, title, text.replace("\\n", "\n"), "friendly", "medium", None, latest=True)
                self.drafts = [] if rest == "none" else [*self.drafts, one]
            case "name" | "fact":
                kept = self.names if word == "name" else self.facts
                kept[:] = [] if rest == "none" else [*kept, rest]
            case "title" | "tone" | "length" | "channel" | "language" | "before" | "wish" | "instructions":
                self.manner[word] = None if rest == "none" else rest.replace("\\n", "\n")
            case "extract" | "score" | "intake" | "draft" | "reply" | "summarise":
                self.purpose, self.wanted, self.manner = word, rest.split(), {}
                self.names, self.facts = [], []
            case _:
                raise ValueError(f"“{word}” is no word of a case")

    def prompt(self, said: list[str]) -> Prompt:
        """The question about these messages."""
        turns = (*self.earlier, *(Said("contact", text) for text in said))
        if self.purpose in {"draft", "reply", "summarise"}:
            return self._text(turns, len(said))
        return self._form(turns, len(said))

    def _text(self, turns: tuple[Said, ...], unread: int) -> Prompt:
        manner = {name: value for name, value in self.manner.items() if value is not None}
        given: dict[str, Any] = {"private": tuple(self.names), **manner}
        if self.purpose == "summarise":
            return msgspec.convert({"turns": turns, **given}, SummarisePrompt, from_attributes=True)
        if self.purpose == "draft":
            source = "\n".join(turn.text for turn in turns[-unread:])
            usual = {"title": "Follow up", "tone": "friendly", "channel": "email", "source": source}
            return msgspec.convert(usual | given, DraftPrompt, from_attributes=True)
        talk = {"now": self.now, "zone": self.zone, "turns": turns, "unread": unread, "facts": tuple(self.facts)}
        usual = {"instructions": "Answer.", "tone": "friendly", "channel": "whatsapp"}
        return msgspec.convert(usual | talk | given, ReplyPrompt, from_attributes=True)

    def _form(self, turns: tuple[Said, ...], unread: int) -> Prompt:
        if self.purpose == "score":
            return ScorePrompt(now=self.now, zone=self.zone, turns=turns, private=())
        if self.purpose == "intake":
            wanted = tuple(Wanted(key, key, f"What is your {key}?") for key in self.wanted)  # type: ignore[arg-type]
            asked = tuple(self.wanted[:1]) if len(turns) > unread else ()
            return IntakePrompt(wanted=wanted, asked=asked, offers=OFFERS, turns=turns, unread=unread, private=())
        return ExtractPrompt(
            now=self.now,
            zone=self.zone,
            default_draft=False,
            questions=tuple(self.asked),
            turns=turns,
            unread=unread,
            subject=self.subject,
            private=(),
            open=tuple(self.open),
            drafts=tuple(self.drafts),
        )


def _open(rest: str) -> OpenTask:
    match = _OPEN.match(rest)
    if match is None:
        raise ValueError(f"“{rest}” is no follow-up")
    return OpenTask(
        match["ref"], match["title"], match["due"], match["rule"], bool(match["reminded"]), bool(match["latest"])
    )
