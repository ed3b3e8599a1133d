"""Waits grow, are bounded, and end; a provider's own wish only makes them longer."""

from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import get_args
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from concierge.errors import AccountStopped, ModelRefused, ModelUnavailable, NotAccepted, Refused, TooFast, Unknown
from concierge.outbox.delivery import _verdict
from concierge.outbox.line.taking import Claimed
from concierge.outbox.model import POLICIES, Kind
from concierge.worker.app import WORK, Waits
from tests.each import each
from tests.fixtures import NOON
from tests.makers import make_head

KINDS = st.sampled_from(get_args(Kind))


def claimed(kind: Kind, tries: int) -> Claimed:
    return Claimed(head=make_head(kind=kind), attempt_id=uuid4(), n=tries, tries=tries, extra=None)


def verdict(kind: Kind, tries: int, error: Exception) -> tuple[str, str, datetime | None]:
    return _verdict(claimed(kind, tries), error, NOON)


@each("kind", get_args(Kind))
def test_every_kind_has_a_policy_whose_waits_grow_and_end(kind: Kind):
    waits = POLICIES[kind].waits
    first, factor = (5, 5) if kind in {"booking_reminder", "booking_cancellation"} else (30, 2)
    assert waits[0] == first
    assert all(later == factor * earlier for earlier, later in pairwise(waits))
    assert verdict(kind, len(waits), NotAccepted())[1] == "queued"
    assert verdict(kind, len(waits) + 1, NotAccepted()) == ("not_accepted", "failed", None)


@given(kind=KINDS, tries=st.integers(1, 4), wish=st.none() | st.floats(0, 1e6))
def test_a_wish_only_makes_it_longer(kind, tries, wish):
    _, status, at = verdict(kind, tries, NotAccepted(retry_after=wish))
    own = NOON + timedelta(seconds=POLICIES[kind].waits[tries - 1])
    assert (status, at) == ("queued", max(own, NOON + timedelta(seconds=wish or 0)))


@given(kind=KINDS)
def test_too_many_messages_to_one_person_wait_four_times_as_long_each_time(kind):
    waits = [verdict(kind, tries, TooFast())[2] for tries in range(1, 6)]
    assert waits == [NOON + timedelta(seconds=4**x) for x in range(5)]
    assert verdict(kind, 6, TooFast())[1] == "failed"


@given(kind=KINDS, tries=st.integers(1, 9))
def test_only_what_was_provably_not_accepted_is_tried_again(kind, tries):
    assert verdict(kind, tries, Refused())[1:] == ("failed", None)
    assert verdict(kind, tries, Unknown())[1:] == ("unknown", None)
    assert verdict(kind, tries, AccountStopped())[1] == "queued"


@given(attempts=st.integers(0, 20))
def test_jobs_wait_exactly_and_then_have_failed(attempts):
    for work in WORK:
        waits = Waits(*work.waits)
        decision = waits.get_retry_decision(exception=ModelUnavailable(), job=SimpleNamespace(attempts=attempts))
        assert (decision is None) == waits.is_last(ModelUnavailable(), attempts) == (attempts >= len(work.waits))
        assert waits.get_retry_decision(exception=ModelRefused(), job=SimpleNamespace(attempts=attempts)) is None
