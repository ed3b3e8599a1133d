"""The few things that the offline model says in its own words, in ten languages."""

from msgspec import Struct

from concierge.languages.speaking import said_by


class Manner(Struct, frozen=True, forbid_unknown_fields=True):
    """How a tone sounds in a draft. Of bodies the second is for whoever did not like the first."""

    opening: str
    bodies: tuple[str, str]  # what a short text is made of
    closing: str
    more: str  # said in a long text only


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    noted: str
    handed_over: str
    last_talk: str  # what a follow-up without a title is about
    neutral: Manner
    friendly: Manner
    formal: Manner


def phrases(language: str) -> Phrases:
    """In the language, in English if we do not speak it."""
    return said_by("concierge.llm.local", language, Phrases)
