"""What models are asked, and the shapes they answer in. Pure data; one pair of Structs a purpose.

    extract    ExtractPrompt   → Reading      which follow-ups a message asks for
               IntakePrompt    → Learnt       what a message answers of an agent's questions
    draft      DraftPrompt     → Drafted      the text that a follow-up needs
    reply      ReplyPrompt     → Replied      what to answer in a conversation
    score      ScorePrompt     → Scored       who somebody is, and how good a lead
    summarise  SummarisePrompt → Summarised   what was said

Schemas want every field of an answer present, with null where there is nothing, also those that have a default here.
Fields of a prompt that were added later have one, so that nobody who asks must know of them. Every prompt has
`private`, personal words the caller knows of (names), which are kept from providers, and `asker`, an id of whom it is
about; providers are told its hash, to tell abusers apart.
"""

from concierge.llm.purposes.extracting import (
    Act,
    Change,
    DraftAnswer,
    ExtractPrompt,
    FoundTask,
    OpenDraft,
    OpenQuestion,
    OpenTask,
    Preferred,
    Reading,
    When,
)
from concierge.llm.purposes.intaking import Fact, FieldKind, IntakePrompt, Learnt, Offer, Wanted
from concierge.llm.purposes.kinds import PURPOSES, READING, Grain, Length, Purpose, Said
from concierge.llm.purposes.writing import (
    Drafted,
    DraftPrompt,
    Points,
    Replied,
    ReplyPrompt,
    Scored,
    ScorePrompt,
    Summarised,
    SummarisePrompt,
)

__all__ = [
    "PURPOSES",
    "READING",
    "Act",
    "Change",
    "DraftAnswer",
    "DraftPrompt",
    "Drafted",
    "ExtractPrompt",
    "Fact",
    "FieldKind",
    "FoundTask",
    "Grain",
    "IntakePrompt",
    "Learnt",
    "Length",
    "Offer",
    "OpenDraft",
    "OpenQuestion",
    "OpenTask",
    "Points",
    "Preferred",
    "Prompt",
    "Purpose",
    "Reading",
    "Replied",
    "ReplyPrompt",
    "Said",
    "ScorePrompt",
    "Scored",
    "SummarisePrompt",
    "Summarised",
    "Wanted",
    "When",
]

Prompt = ExtractPrompt | IntakePrompt | DraftPrompt | ReplyPrompt | ScorePrompt | SummarisePrompt
