"""Whatever is done to a payload, reading it gives events or Malformed, and nothing it gives would trouble Postgres."""

import json
import random
from pathlib import Path
from time import process_time
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from concierge.channels.email.addresses import deliverable, mailbox, mailboxes
from concierge.channels.email.plaintext import text_of
from concierge.channels.model import Address, Event
from concierge.errors import Malformed
from tests.contracts.channels import CHANNELS, payloads, request, texts

PAYLOADS = payloads()
JSON = [each for each in PAYLOADS if each[1].suffix == ".json"]
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "\0",
    "x" * 5000,
    [],
    {},
    [[]],
    {"id": {}},
    "é😀",
    "99999999999999999999",
]

each_payload = st.sampled_from(PAYLOADS)


def read(channel: str, body: bytes) -> list[Event]:
    try:
        return CHANNELS[channel].read(request(body))
    except Malformed:
        return []


def mutated(value: Any, dice: random.Random) -> Any:
    """The same JSON with something, somewhere, replaced, doubled or left out."""
    if dice.random() < 0.08:
        return dice.choice(ODD)
    if isinstance(value, dict):
        return {key: mutated(one, dice) for key, one in value.items() if dice.random() > 0.05}
    if isinstance(value, list):
        return [mutated(one, dice) for one in value for _ in range(dice.choice((0, 1, 1, 1, 2)))]
    return value


def addresses(event: Event) -> list[Address]:
    """Everybody an event names."""
    members = msgspec.structs.asdict(event).values()
    alone = [value for value in members if isinstance(value, Address)]
    return alone + [
        each for value in members if isinstance(value, tuple) for each in value if isinstance(each, Address)
    ]


@given(payload=st.sampled_from(JSON), seed=st.integers(0, 2**32))
def test_a_mutated_payload_reads_or_is_malformed(payload: tuple[str, Path], seed: int) -> None:
    channel, path = payload
    body = json.dumps(mutated(json.loads(path.read_text()), random.Random(seed))).encode()
    for event in read(channel, body):
        assert not any("\0" in text for text in texts(event))
        "".join(texts(event)).encode()  # no half of a surrogate pair
        assert len(getattr(event, "provider_message_id", "") or "") <= 998
        for address in addresses(event):
            assert 0 < len(address.value) <= 998


@given(payload=each_payload, data=st.data())
def test_a_payload_with_broken_bytes_reads_or_is_malformed(payload: tuple[str, Path], data: st.DataObject) -> None:
    channel, path = payload
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    read(channel, bytes(body))


@given(messages=st.lists(st.sampled_from(["good", "bad"]), min_size=1, max_size=12))
def test_a_broken_message_never_costs_its_neighbours(messages: list[str]) -> None:
    good = {"id": "wamid.1", "from": "15551234567", "timestamp": "1705312000", "type": "text", "text": {"body": "hi"}}
    items = [good if kind == "good" else dict(good, id=[1]) for kind in messages]
    value = {"metadata": {"phone_number_id": "1"}, "messages": items}
    body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}
    kinds = [event.kind for event in read("whatsapp", json.dumps(body).encode())]  # type: ignore[union-attr]
    assert kinds == ["text" if kind == "good" else "unreadable" for kind in messages]


@given(messages=st.lists(st.sampled_from(["good", "bad"]), min_size=1, max_size=12))
def test_nor_does_it_on_instagram(messages: list[str]) -> None:
    good = {"sender": {"id": "2"}, "recipient": {"id": "1"}, "timestamp": 1, "message": {"mid": "m", "text": "hi"}}
    items = [good if kind == "good" else dict(good, message=[1]) for kind in messages]
    body = {"object": "instagram", "entry": [{"id": "1", "messaging": items}]}
    kinds = [event.kind for event in read("instagram", json.dumps(body).encode())]  # type: ignore[union-attr]
    assert kinds == ["text" if kind == "good" else "unreadable" for kind in messages]


@example(html="&#" + "9" * 5_000 + ";")  # more digits than Python makes a number of
@given(html=st.text() | st.text(alphabet="<>!-/&#;ab \n9'\"scripty"))
def test_any_html_has_a_text(html: str) -> None:
    text_of(html)


@pytest.mark.parametrize(
    "part", ["<a ", "<", "<!--", "<a href='", "</", "&#", "&#9", "<![", "<?", "<script>", "<div>", "\n "]
)
def test_no_html_takes_long(part: str) -> None:
    begun = process_time()
    text_of(part * (200_000 // len(part)))
    assert process_time() - begun < 1


@given(text=st.text() | st.text(alphabet='ab.@<>," \\\n'))
def test_any_text_is_an_address_or_is_not(text: str) -> None:
    found = mailbox(text)
    assert found is None or deliverable(found.address)
    assert all(deliverable(one.address) for one in mailboxes(text) or ())
