"""Whose AWS identity an account uses: its own keys, or this machine's where whoever runs the machine said so.

The machine's identity opens more than one tenant's mail: the bucket where everybody's files are, the addresses that
everybody sends from. A tenant chooses both a bucket and a sender, so it brings its own keys (docs/decisions/0073).
"""

from concierge.channels.model import ChannelAccount
from concierge.errors import AccountStopped

SETTING = "aws_identity"
MACHINE = "machine"


def keys(account: ChannelAccount) -> tuple[str | None, str | None]:
    """(access key id, secret); both None: AWS's default chain finds them. Raises AccountStopped where it must not."""
    own = account.credentials.aws_access_key_id, account.credentials.aws_secret_access_key
    if own == (None, None) and account.settings.get(SETTING) != MACHINE:
        raise AccountStopped("The account has no AWS keys of its own.", code="settings")
    return own
