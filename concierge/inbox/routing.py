"""Which of our accounts a mail is for, where it names several people and only some of them are ours."""

from collections.abc import Callable, Mapping

import msgspec

from concierge.channels.email.tokens import without_token
from concierge.channels.model import ChannelAccount, Event, Inbound


def addressees(events: list[Event]) -> set[str]:
    """Every external id that the events may be for."""
    return {event.account for event in events} | {
        id for event in events if isinstance(event, Inbound) for address in event.recipients for id in _ids(address)
    }


def routed(
    events: list[Event], known: Mapping[str, ChannelAccount], accepts: Callable[[ChannelAccount], bool]
) -> list[Event]:
    """The events with the account they are for: of a mail's recipients the first account that accepts the request.

    Where none does, the first account, so that the request is refused in its name; where none is an account, as it was.
    """
    return [_routed(one, known, accepts) if isinstance(one, Inbound) and one.recipients else one for one in events]


def _routed(event: Inbound, known: Mapping[str, ChannelAccount], accepts: Callable[[ChannelAccount], bool]) -> Inbound:
    ours = [(id, address) for address in event.recipients for id in _ids(address) if id in known]
    chosen = next((one for one in ours if accepts(known[one[0]])), next(iter(ours), None))
    if chosen is None:
        return msgspec.structs.replace(event, recipients=())
    id, address = chosen
    token = without_token(address)[1] if id != address else None
    automated = event.automated or ("own-address" if event.sender.value == id else None)
    return msgspec.structs.replace(event, account=id, token=token or event.token, automated=automated, recipients=())


def _ids(address: str) -> tuple[str, ...]:
    """The address itself, and the one it is without our token."""
    return tuple(dict.fromkeys((address, without_token(address)[0])))
