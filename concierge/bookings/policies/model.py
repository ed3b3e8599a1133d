"""A reminder policy, and the two that every tenant begins with."""

from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Moves = Literal["ask", "direct"]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
ChannelName = Literal["whatsapp", "email", "instagram", "webchat"]


class Rule(Struct, frozen=True, kw_only=True):
    """When there is a reminder. Nothing at all: none."""

    every: timedelta | None = None  # from the booking on, strictly before its start
    before: tuple[timedelta, ...] = ()  # the start
    most: int | None = None  # the ones nearest to the start; None: no limit
    quiet_from: time | None = None  # on the clock of the place
    quiet_until: time | None = None


class Policy(Struct, frozen=True, kw_only=True):
    """A policy as it is kept."""

    id: UUID
    name: str
    usual: bool
    every: timedelta | None
    before: tuple[timedelta, ...]
    most: int | None
    quiet_from: time | None
    quiet_until: time | None
    late: timedelta | None
    channels: tuple[str, ...]
    moves: Moves
    version: int  # counts what changes plans
    created_at: datetime

    @property
    def rule(self) -> Rule:
        """What planning needs of it."""
        return _rule(self)


class NewPolicy(Rule, frozen=True, kw_only=True):
    """A policy as somebody wants it."""

    name: Name
    usual: bool = False
    late: timedelta | None = None  # how late after an outage; None: until the start
    channels: tuple[ChannelName, ...] = ("whatsapp", "email")  # in order of preference
    moves: Moves = "ask"  # what a customer's wish for another time does

    @property
    def rule(self) -> Rule:
        """What planning needs of it."""
        return _rule(self)


def _rule(policy: "Policy | NewPolicy") -> Rule:
    return Rule(
        every=policy.every,
        before=tuple(sorted(set(policy.before), reverse=True)),
        most=policy.most,
        quiet_from=policy.quiet_from,
        quiet_until=policy.quiet_until,
    )


EVERY_TWO_HOURS = NewPolicy(name="every two hours", every=timedelta(hours=2))
USUAL = NewPolicy(name="a day and two hours before", usual=True, before=(timedelta(hours=24), timedelta(hours=2)))
