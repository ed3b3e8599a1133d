"""Whether a webhook comes from whom it says: decided per channel account, over the raw bytes."""

from collections.abc import Collection, Mapping, Sequence

from concierge.channels.abilities import Trusting
from concierge.channels.email.relays import relay_of
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
    of the `application` secrets (Meta signs with the app's, whatever the number); so do accounts that brought none.
    In development an account may go without a signature, and so may strangers where no application secret is set.
    """
    proven = False
    for account in known.values():
        if not accepts(channel, raw, account, application=application, development=development):
            raise Forged
        proven = proven or not (account.signature == "off" and development)
    if proven or (known and set(named) <= known.keys()):
        return
    if application:
        if not channel.authentic(raw, application):
            raise Forged
    elif not development:
        raise Forged


def accepts(
    channel: Channel, raw: Raw, account: ChannelAccount, *, application: Sequence[str], development: bool
) -> bool:
    """Whether the account takes this request.

    `settings["vendor"]` may name the only one it takes mail from; the one it sends through is listened to as well.
    """
    vendor = account.settings.get("vendor")
    if vendor and getattr(channel, "vendor", vendor) not in {vendor, relay_of(account)}:
        return False
    secrets = evidence(channel, account) or application
    return (account.signature == "off" and development) or channel.authentic(raw, secrets)


def evidence(channel: Channel, account: ChannelAccount) -> list[str]:
    """What the account itself believes a request by."""
    return channel.trusted(account) if isinstance(channel, Trusting) else account.credentials.webhook_secrets
