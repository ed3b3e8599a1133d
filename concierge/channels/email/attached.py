"""The bytes of what came with a mail: from what was kept of it, or from its vendor.

`part:<n>` is in a raw mail, `postmark:<n>` in Postmark's JSON, `form:<name>` in a posted form; `brevo:<token>` is still
at Brevo (`brevo.fetched`).
"""

from concierge.channels.email import forms, mime, postmark


def attached(raw: bytes, locator: str) -> bytes | None:
    """What `Attachment.locator` names in `Inbound.raw`; None where it is not there, or only its vendor has it."""
    kind = locator.partition(":")[0] + ":"
    reader = {mime.PREFIX: mime.part_of, postmark.PREFIX: postmark.attachment_in, forms.PREFIX: forms.file_in}.get(kind)
    return reader(raw, locator) if reader else None
