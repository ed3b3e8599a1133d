"""Service windows as Meta counts them: from a person's last message, a day; a week for what people answer themselves.

Source: Meta, WhatsApp, “Send messages” (customer service window); Instagram Messaging, “Human agent”.
"""

import time
from collections.abc import Callable, Iterable

DAY, WEEK = 86_400, 7 * 86_400  # seconds


class Windows:
    """Who wrote when. `strict`: to who never wrote here nothing is open; else everything, as a simulator forgets."""

    def __init__(
        self, open_to: Iterable[str] = (), *, strict: bool = True, clock: Callable[[], float] = time.time
    ) -> None:
        self.strict, self.clock = strict, clock
        self._heard: dict[str, float] = dict.fromkeys(open_to, clock())

    def heard(self, person: str, at: float) -> None:
        """They wrote, then; what comes late counts from when it was written."""
        self._heard[person] = max(at, self._heard.get(person, at))

    def open(self, person: str, lasting: float = DAY) -> bool:
        """Whether free text is taken for them."""
        last = self._heard.get(person)
        return not self.strict if last is None else self.clock() - last < lasting
