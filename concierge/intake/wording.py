"""What the usual form asks and says, in ten languages."""

from msgspec import Struct

from concierge.languages.speaking import said_by


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """Its questions by their keys, those of one field of several by the field's, and its last words."""

    service: str
    name: str
    nationality: str
    contact: str
    email: str
    best_time: str
    farewell: str


def phrases(language: str) -> Phrases:
    """In the language, in English if we do not speak it."""
    return said_by("concierge.intake", language, Phrases)
