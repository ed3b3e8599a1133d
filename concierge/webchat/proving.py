"""Whether a page vouches for its user: a hash that only somebody with the account's secret can make."""

import hmac

from concierge.channels.model import ChannelAccount
from concierge.channels.signature import matches
from concierge.errors import Forged


def prove(account: ChannelAccount, user_id: str, user_hash: str | None) -> None:
    """Raise Forged unless one of the account's secrets made this hash of the user's id."""
    expected = [
        hmac.digest(secret.encode(), user_id.encode(errors="replace"), "sha256").hex()
        for secret in account.credentials.webhook_secrets
    ]
    if not any(matches(each, (user_hash or "").lower()) for each in expected):
        raise Forged("user_hash does not prove user_id")
