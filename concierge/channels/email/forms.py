"""A posted form: `application/x-www-form-urlencoded`, or `multipart/form-data` with files.

Mail in a form has fields of several charsets at once (SendGrid names each in `charsets`), so values stay bytes here.
A multipart body begins with its own boundary, so that it can be read without its headers: `Inbound.raw` is the body.
"""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from urllib.parse import unquote_to_bytes

from msgspec import Struct, field
from multipart import MultipartError, MultipartParser

from concierge.channels.email.mime import kind_of
from concierge.channels.email.words import decoded, text_in
from concierge.channels.model import Attachment
from concierge.errors import Malformed

PREFIX = "form:"
MOST = 1_000  # fields and files
LONGEST_BOUNDARY = 200


class File(Struct):
    """A file in a form."""

    content: bytes
    filename: str | None
    mime_type: str


class Form(Struct):
    """The fields and files; of a name that stands twice, the last."""

    fields: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    def text(self, name: str, charset: str | None = None) -> str | None:
        """The field's text; None where it is missing."""
        value = self.fields.get(name)
        return None if value is None else text_in(value, charset).replace("\0", "\ufffd")


def form(headers: Mapping[str, str], body: bytes) -> Form:
    """What was posted. Raises Malformed."""
    if body.lstrip(b"\r\n").startswith(b"--"):
        return _multipart(body.lstrip(b"\r\n"))
    if "json" in headers.get("content-type", ""):
        raise Malformed("A form is expected, not JSON.")
    return _urlencoded(body)


def attachments(posted: Form) -> tuple[Attachment, ...]:
    """The files, by reference, in the order of their numbers."""
    names = sorted(posted.files, key=lambda name: (len(name), name))
    return tuple(_referenced(name, posted.files[name]) for name in names)


def parts(posted: Form) -> list[tuple[str, bytes]]:
    """The files as (MIME type, bytes)."""
    return [(file.mime_type.partition(";")[0].strip().lower(), file.content) for file in posted.files.values()]


def file_in(body: bytes, locator: str) -> bytes | None:
    """The bytes of the file that `form:<name>` names; None where the form has no such file."""
    try:
        found = form({}, body).files.get(locator.removeprefix(PREFIX))
    except Malformed:
        return None
    return found.content if found else None


def _referenced(name: str, file: File) -> Attachment:
    mime_type = file.mime_type.partition(";")[0].strip().lower()
    return Attachment(
        kind=kind_of(mime_type),
        locator=f"{PREFIX}{name}",
        mime_type=mime_type,
        filename=decoded(file.filename or "") or None,
        size=len(file.content),
        sha256=sha256(file.content).hexdigest(),
    )


def _urlencoded(body: bytes) -> Form:
    pairs = body.split(b"&")
    if len(pairs) > MOST:
        raise Malformed("The form has too many fields.")
    made = Form()
    for pair in pairs:
        name, _, value = pair.replace(b"+", b" ").partition(b"=")
        made.fields[unquote_to_bytes(name).decode(errors="replace")] = unquote_to_bytes(value)
    return made


def _multipart(body: bytes) -> Form:
    boundary = body[2 : body.find(b"\n")].rstrip()
    made = Form()
    try:
        if not 0 < len(boundary) <= LONGEST_BOUNDARY:
            raise Malformed("The form has no boundary.")
        limits = {"memory_limit": len(body) + 1, "spool_limit": len(body) + 1, "part_limit": MOST}
        parser = MultipartParser(BytesIO(body), boundary.decode("latin-1"), charset="latin-1", **limits)
        for part in parser:
            name = part.name.encode("latin-1").decode(errors="replace")
            if part.filename is None:
                made.fields[name] = part.raw
            else:
                filename = part.filename.encode("latin-1", errors="replace").decode(errors="replace")
                made.files[name] = File(part.raw, filename, part.content_type or "application/octet-stream")
    except (MultipartError, ValueError, LookupError) as error:
        raise Malformed("The form cannot be read.") from error
    return made
