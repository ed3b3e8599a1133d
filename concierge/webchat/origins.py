"""Which pages may show a widget: whatever a browser was told, a request from elsewhere is refused."""

from concierge.channels.model import ChannelAccount
from concierge.errors import Forbidden


def check(account: ChannelAccount, origin: str | None, *, may_be_missing: bool = False) -> None:
    """Raise Forbidden unless the account's list has the origin.

    Opening a session needs one, unless the account says `allow_missing_origin`: every browser sends it there. Later
    requests carry a token, and a page of our own host that only reads sends none.
    """
    if origin is None:
        if may_be_missing or account.settings.get("allow_missing_origin"):
            return
        raise Forbidden("the request names no origin")
    if origin not in account.settings.get("origins", ()):
        raise Forbidden("this page may not show the chat")
