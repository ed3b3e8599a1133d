"""Vendors that approve texts before they may be sent, and can say which they have approved."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from concierge.channels.model import ChannelAccount


class TemplateReport(Protocol):
    """A template as its vendor has it, in the vendor's own words."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def language(self) -> str:
        """Such as "en" or "pt_BR"."""

    @property
    def category(self) -> str:
        """MARKETING, UTILITY, AUTHENTICATION."""

    @property
    def status(self) -> str:
        """APPROVED, PENDING, REJECTED, PAUSED, DISABLED, …"""


@runtime_checkable
class TemplateSource(Protocol):
    """A transport whose vendor knows templates."""

    templates_of: str  # the setting of an account that names whose templates they are; without it nobody can be asked

    async def templates(self, account: ChannelAccount) -> Sequence[TemplateReport]:
        """Every template of the account. Raises NotAccepted, Refused, AccountStopped."""
