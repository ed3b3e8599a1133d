"""The files that came with a mail: in what was kept of it, or still at its vendor."""

import asyncio

from concierge.channels.abilities import Fetched
from concierge.channels.email import brevo
from concierge.channels.email.attached import attached
from concierge.channels.model import Attachment, ChannelAccount
from concierge.errors import NotAccepted, NotStored, Refused


class MailFiles:
    """A `Fetcher` for mail of every vendor."""

    async def fetch(
        self, attachment: Attachment, account: ChannelAccount, *, limit: int, raw: bytes | None = None
    ) -> Fetched:
        """The file. Raises NotAccepted (try again), Refused (final)."""
        content = await self._content(attachment.locator, account, raw)
        if len(content) > limit:
            raise Refused("The file is larger than what may be kept.", code="too-large")
        return Fetched(content, attachment.mime_type)

    async def close(self) -> None:
        """Nothing is held."""

    async def _content(self, locator: str, account: ChannelAccount, raw: bytes | None) -> bytes:
        if locator.startswith(brevo.PREFIX):
            try:
                return await brevo.fetched(locator, account)
            except NotStored:
                raise NotAccepted("Brevo did not hand the file over.", code="brevo") from None
        if raw is None:
            raise Refused("The mail is not kept any more.", code="redacted")
        content = await asyncio.to_thread(attached, raw, locator)
        if content is None:
            raise Refused("The file is not in the mail.", code="absent")
        return content
