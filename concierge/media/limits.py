"""What is fetched, and what is not."""

import re
from fnmatch import fnmatchcase
from mimetypes import guess_type

from concierge.errors import Refused

UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,100}/[\w.+-]{1,100}", re.ASCII)  # goes into a header when the file is asked for


def check_size(size: int | None, limit: int) -> None:
    """Raises Refused for what is known to be over `limit` bytes."""
    if size is not None and size > limit:
        raise Refused("larger than MEDIA_MAX_BYTES")


def type_of(*said: str | None, filename: str | None) -> str:
    """The first that anybody names and that is a type, without its parameters; else what the name of the file says."""
    for each in said:
        essence = (each or "").partition(";")[0].strip().lower()
        if essence != UNKNOWN and _TYPE.fullmatch(essence):
            return essence
    return guess_type(filename or "")[0] or UNKNOWN


def check_type(mime_type: str, allowed: str) -> None:
    """Raises Refused for a type that MEDIA_TYPES does not name."""
    if not any(fnmatchcase(mime_type, each.strip().lower()) for each in allowed.split(",")):
        raise Refused(f"files of type {mime_type} are not in MEDIA_TYPES")
