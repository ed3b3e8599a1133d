"""The words of the page behind an unsubscribe link, in ten languages."""

from msgspec import Struct

from concierge.languages.speaking import said_by


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """Headings and what stands below them."""

    unsubscribe: str  # the button, too
    question: str
    done: str
    ended: str


def phrases(language: str) -> Phrases:
    """In the language, in English if we do not speak it."""
    return said_by("concierge.consent", language, Phrases)
