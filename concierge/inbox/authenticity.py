"""Whether a webhook comes from whom it says: decided per channel account, over the raw bytes."""

from collections.abc import Collection, Mapping, Sequence

from concierge.channels.model import Channel, ChannelAccount, Raw
from concierge.errors import Forged


def prove(
    channel: Channel,
    raw: Raw,
    *,
    known: Mapping[str, ChannelAccount],
    named: Collection[str],
    application: Sequence[str],
    development: bool,
) -> None:
    """Raise Forged unless every known account named in the request accepts its signature.

    Unknown accounts have no secret of their own: they ride on a signature that a known account accepted, or on one
    of the `application` secrets (Meta signs with the app's, whatever the number). In development an account may go
    without a signature, and so may strangers where no application secret is set.
    """
    proven = False
    for account in known.values():
        if account.signature == "off" and development:
            continue
        if not channel.authentic(raw, account.credentials.webhook_secrets):
            raise Forged
        proven = True
    if proven or (known and set(named) <= known.keys()):
        return
    if application:
        if not channel.authentic(raw, application):
            raise Forged
    elif not development:
        raise Forged
