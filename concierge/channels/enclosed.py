"""What goes with a message beside its text, and is made here."""

from msgspec import Struct


class File(Struct, frozen=True):
    """A small text file that goes with a message, such as an appointment for a calendar."""

    name: str  # ASCII
    mime_type: str  # text/…, with its parameters
    content: str
