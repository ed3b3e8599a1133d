"""What every webhook of Meta's has in common: the challenge it opens with and the signature it carries.

Source: Meta, WhatsApp Cloud API, “Create a webhook endpoint”, and Graph API, “Webhooks: getting started”.
"""

from collections.abc import Mapping, Sequence

from concierge.channels.model import Raw
from concierge.channels.signature import matches, signed
from concierge.errors import Forged

SIGNATURE = "x-hub-signature-256"


def authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    """Whether the app secret (one of `secrets`) signed the request.

    The raw bytes are what is signed: Meta sends its JSON with escaped unicode, so decoding first would change them.
    """
    return signed(raw.body, raw.headers.get(SIGNATURE), secrets)


def challenge(query: Mapping[str, str], tokens: Sequence[str]) -> str:
    """What to answer to `?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`. Raises Forged."""
    given = query.get("hub.verify_token", "")
    known = any(matches(token, given) for token in tokens if token)
    answer = query.get("hub.challenge")
    if not known or answer is None or query.get("hub.mode") != "subscribe":
        raise Forged("The verify token is missing or wrong.")
    return answer
