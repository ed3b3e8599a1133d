"""What each WhatsApp error code means for a message of ours. Source: Meta, Cloud API, “Error codes”.

A code that is not here: 5xx or `is_transient` is unknown, anything else is refused.
"""

from types import MappingProxyType

from concierge.channels.graph import Outcomes
from concierge.errors import (
    AccountResting,
    AccountStopped,
    NotAccepted,
    OutsideWindow,
    Refused,
    SendError,
    TooFast,
    Unknown,
    Unwanted,
    UnwantedMarketing,
)

# fmt: off
_TABLE: list[tuple[type[SendError], tuple[int, ...], str]] = [
    (AccountStopped, (0, 3, 10, 190, *range(200, 300), 131005), "authentication and permissions"),
    (AccountStopped, (368, 130497, 131031), "restricted or locked for a violation of policy"),
    (AccountStopped, (131037, 131042, 131045, 131063, 133010, 134011), "display name, payment, registration"),
    (AccountResting, (131048,), "spam limit of the sender: it rests, a person should look"),
    (NotAccepted, (4, 80007, 130429), "throughput of the app, the business account or the number"),
    (TooFast, (131056,), "too many messages to one person"),
    (NotAccepted, (131057,), "maintenance or throughput upgrade, about a minute"),
    (Unknown, (1, 2, 131000, 131016, 133004), "an error on their side: it may have been taken before that"),
    (Refused, (33, 100, 131008, 131009, 131021, 131051, 131052, 131053, 135000), "the request is wrong"),
    (Refused, (132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069), "the template is"),
    (Refused, (131064,), "template limit: templates rest, other messages go on"),
    (Refused, (131026, 131030, 131062, 130472), "this person cannot or will not be reached this way"),
    (OutsideWindow, (131047,), "more than 24 hours since the person wrote: needs a template"),
    (Refused, (131049,), "marketing limit of the person"),
    (UnwantedMarketing, (131050,), "the person stopped marketing messages"),
    (Unwanted, (130403,), "the business itself has blocked the person"),
]
# fmt: on

OUTCOMES: Outcomes = MappingProxyType({code: outcome for outcome, codes, _ in _TABLE for code in codes})
