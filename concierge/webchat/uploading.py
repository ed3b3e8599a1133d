"""A visitor's file: kept as a message whose payload is the file itself, and stored like what comes with any message."""

from hashlib import sha256

from concierge.channels.decoding import clean
from concierge.channels.model import Attachment
from concierge.errors import Malformed, Refused, TooLarge, UnsupportedMedia
from concierge.media.limits import check_size, check_type, type_of
from concierge.settings import Settings

LARGEST_FILE = 10 * 1024 * 1024  # bytes
LONGEST_NAME = 200  # characters
KINDS = {"image": "image", "audio": "audio", "video": "video"}


def attachment(settings: Settings, content: bytes, *, name: str, said: str | None) -> Attachment:
    """The file by reference. Raises Malformed, TooLarge, UnsupportedMedia: a visitor is told at once."""
    filename = clean(name).replace("/", "_").strip()[:LONGEST_NAME]
    if not content:
        raise Malformed("The file is empty.")
    if not filename:
        raise Malformed("The file has no name.", pointer="/name")
    mime_type = type_of(said, filename=filename)
    try:
        check_size(len(content), settings.media_max_bytes)
    except Refused as error:
        raise TooLarge(str(error)) from None
    try:
        check_type(mime_type, settings.media_types)
    except Refused as error:
        raise UnsupportedMedia(str(error)) from None
    return Attachment(
        kind=KINDS.get(mime_type.partition("/")[0], "document"),
        locator="raw",
        mime_type=mime_type,
        filename=filename,
        size=len(content),
        sha256=sha256(content).hexdigest(),
    )
