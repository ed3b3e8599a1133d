"""What each error code of Instagram messaging means for a message of ours.

Sources: Meta, Messenger Platform, “Error codes”; Graph API, “Rate limits”. Instagram has no complete list of its own.
A code that is not here: 5xx or `is_transient` is unknown, anything else is refused.
"""

from types import MappingProxyType

from concierge.channels.graph import Outcomes, Subcode
from concierge.errors import AccountStopped, NotAccepted, OutsideWindow, Refused, SendError, Unknown

# fmt: off
_TABLE: list[tuple[type[SendError], tuple[int | Subcode, ...], str]] = [
    (OutsideWindow, ((10, 2534022), (10, 2018278)), "more than 24 hours since the person wrote"),
    (Refused, ((None, 2534014), 551, (200, 1545041)), "this person cannot be found or reached"),
    (Refused, ((None, 2534025), (None, 2534001)), "private reply already used, thread archived"),
    (AccountStopped, (0, 3, 10, 102, 190, *range(200, 300), 368), "authentication, permissions, policy"),
    (NotAccepted, (4, 17, 32, 613, 80002, 80006), "limits of the app, the account or the page"),
    (Unknown, (1, (1, 1357046), 2), "an error on their side: messages have been sent all the same"),
    (Refused, (33, 100), "the request is wrong"),
]
# fmt: on

OUTCOMES: Outcomes = MappingProxyType({code: outcome for outcome, codes, _ in _TABLE for code in codes})
