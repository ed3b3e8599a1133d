"""One suite over every channel and every payload file: what they all promise about reading."""

import json
from pathlib import Path
from time import process_time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge.channels.model import Inbound
from concierge.errors import Forged, Malformed
from tests.contracts.channels import (
    CHANNELS,
    SIGNATURES,
    events,
    golden,
    payloads,
    request,
    shown,
    signed_request,
    texts,
)
from tests.each import each

WRAPPED = {"email/mailgun", "email/sendgrid", "email/ses"}  # where the mail stands encoded in the request
OBJECTS = {"whatsapp": "whatsapp_business_account", "instagram": "instagram"}
each_payload = each(("channel", "path"), payloads())
each_channel = each("channel", CHANNELS)
each_signed = each("channel", SIGNATURES)


class TestReading:
    @each_payload
    def test_reads_to_the_golden_events(self, channel: str, path: Path) -> None:
        assert shown(events(channel, path)) == msgspec.json.decode(golden(path).read_bytes())

    @each_payload
    def test_reading_twice_is_equal(self, channel: str, path: Path) -> None:
        assert events(channel, path) == events(channel, path)

    @each_payload
    def test_what_was_read_can_be_kept(self, channel: str, path: Path) -> None:
        body = path.read_bytes()
        for event in events(channel, path):
            assert not any("\0" in text for text in texts(event))
            if isinstance(event, Inbound):
                assert event.provider_message_id
                assert event.sender.value
                assert event.raw in body or b"\\ud83d" in body or channel in WRAPPED

    @pytest.mark.parametrize("channel", CHANNELS)
    @given(body=st.binary(max_size=300))
    def test_garbage_is_malformed(self, channel: str, body: bytes) -> None:
        with pytest.raises(Malformed):
            CHANNELS[channel].read(request(body))

    @each_channel
    @each(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b"\xff\xfe",
            b'"',
            b"1e999",
            b'{"entry":"\xff"}',
        ],
    )
    def test_hostile_bodies_are_malformed(self, channel: str, body: bytes) -> None:
        with pytest.raises(Malformed):
            CHANNELS[channel].read(request(body))

    @pytest.mark.parametrize("channel", ["whatsapp", "instagram", "email/brevo"])
    def test_a_batch_no_vendor_sends_is_not_read_through(self, channel: str) -> None:
        """Before it was refused, a megabyte of nothing took ten seconds of the process that takes all webhooks."""
        nothing = [{}] * 300_000
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, "messages": nothing}
        body = {
            "whatsapp": {"entry": [{"id": "B", "changes": [{"field": "messages", "value": value}]}]},
            "instagram": {"entry": [{"id": "B", "time": 1, "messaging": nothing}]},
            "email/brevo": {"items": nothing},
        }[channel]
        raw = request(json.dumps({"object": OBJECTS.get(channel)} | body).encode())
        begun = process_time()
        with pytest.raises(Malformed):
            CHANNELS[channel].read(raw)
        assert process_time() - begun < 2

    def test_every_golden_file_has_its_payload(self) -> None:
        wanted = {golden(path) for _, path in payloads()}
        assert wanted == {file for folder in {path.parent for path in wanted} for file in folder.glob("*.events.json")}


class TestAuthenticity:
    @pytest.mark.parametrize("channel", SIGNATURES)
    @given(body=st.binary(min_size=1, max_size=200), data=st.data())
    def test_a_flipped_bit_is_not_authentic(self, channel: str, body: bytes, data: st.DataObject) -> None:
        signed = signed_request(channel, body, "secret")
        assert CHANNELS[channel].authentic(signed, ["old", "secret"])
        at, bit = data.draw(st.integers(0, len(body) - 1)), data.draw(st.integers(0, 7))
        flipped = body[:at] + bytes([body[at] ^ 1 << bit]) + body[at + 1 :]
        assert not CHANNELS[channel].authentic(request(flipped, signed.headers), ["old", "secret"])

    @each_signed
    @each("header", ["", "sha256=", "sha1=abc", "sha256=" + "0" * 64, "sha256=ü", "\udcff"])
    def test_a_wrong_signature_is_not_authentic(self, channel: str, header: str) -> None:
        assert not CHANNELS[channel].authentic(request(b"{}", {SIGNATURES[channel]: header}), ["secret"])

    @each_signed
    def test_no_signature_or_no_secret_is_not_authentic(self, channel: str) -> None:
        assert not CHANNELS[channel].authentic(request(b"{}"), ["secret"])
        assert not CHANNELS[channel].authentic(signed_request(channel, b"{}", "secret"), [])


class TestChallenge:
    QUERY = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "mine"}  # noqa: RUF012

    @pytest.mark.parametrize("channel", ["whatsapp", "instagram", "meta"])
    def test_meta_gets_its_challenge_back(self, channel: str) -> None:
        assert CHANNELS[channel].challenge(self.QUERY, ["other", "mine"]) == "1158201444"

    @each(
        "change",
        [{"hub.verify_token": "theirs"}, {"hub.verify_token": "minü"}, {"hub.mode": "unsubscribe"}, {"hub.mode": ""}],
    )
    def test_a_wrong_token_is_forged(self, change: dict[str, str]) -> None:
        with pytest.raises(Forged):
            CHANNELS["whatsapp"].challenge(self.QUERY | change, ["mine"])

    def test_nothing_configured_is_forged(self) -> None:
        with pytest.raises(Forged):
            CHANNELS["whatsapp"].challenge(self.QUERY | {"hub.verify_token": ""}, [""])
        with pytest.raises(Forged):
            CHANNELS["whatsapp"].challenge({}, ["mine"])

    @pytest.mark.parametrize("channel", ["instagram", "meta"])
    def test_a_wrong_token_is_forged_everywhere(self, channel: str) -> None:
        with pytest.raises(Forged):
            CHANNELS[channel].challenge(self.QUERY, ["theirs"])

    def test_email_has_none(self) -> None:
        assert CHANNELS["email"].challenge(self.QUERY, ["mine"]) is None


class TestPointers:
    @each(
        ("body", "pointer"),
        [
            ({}, "/object"),
            ({"object": "instagram", "entry": []}, "/object"),
            ({"object": "whatsapp_business_account"}, "/entry"),
            ({"object": "whatsapp_business_account", "entry": 1}, "/entry"),
            ({"object": "whatsapp_business_account", "entry": [[]]}, "/entry/0"),
            ({"object": "whatsapp_business_account", "entry": [{}]}, "/entry/0/changes"),
            ({"object": "whatsapp_business_account", "entry": [{"changes": [{}]}]}, "/entry/0/changes/0/value"),
            (
                {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": {"metadata": {}}}]}]},
                "/entry/0/changes/0/value/metadata/phone_number_id",
            ),
        ],
    )
    def test_whatsapp_names_the_field(self, body: object, pointer: str) -> None:
        with pytest.raises(Malformed) as raised:
            CHANNELS["whatsapp"].read(request(msgspec.json.encode(body)))
        assert raised.value.pointer == pointer

    @each(
        ("body", "pointer"),
        [
            ({}, "/object"),
            ({"object": "whatsapp_business_account", "entry": []}, "/object"),
            ({"object": "instagram"}, "/entry"),
            ({"object": "instagram", "entry": [1]}, "/entry/0"),
            ({"object": "instagram", "entry": [{"id": "1"}]}, "/entry/0/messaging"),
            ({"object": "instagram", "entry": [{"id": {}}]}, "/entry/0/id"),
            ({"object": "instagram", "entry": [{"changes": [{"field": "messages"}]}]}, "/entry/0/changes/0/value"),
        ],
    )
    def test_instagram_names_the_field(self, body: object, pointer: str) -> None:
        with pytest.raises(Malformed) as raised:
            CHANNELS["instagram"].read(request(msgspec.json.encode(body)))
        assert raised.value.pointer == pointer

    @pytest.mark.parametrize("body", [{}, {"object": 1}, {"object": "user", "entry": []}])
    def test_the_common_address_names_the_object(self, body: object) -> None:
        with pytest.raises(Malformed) as raised:
            CHANNELS["meta"].read(request(msgspec.json.encode(body)))
        assert raised.value.pointer == "/object"

    def test_email_names_every_field(self) -> None:
        body = {"to": "nobody", "subject": 1, "timestamp": "soon", "headers": {"X/Y": 1}, "references": [1]}
        with pytest.raises(Malformed) as raised:
            CHANNELS["email"].read(request(msgspec.json.encode(body)))
        assert raised.value.pointer == "/from"
        for pointer in ("/from", "/to", "/subject", "/textBody", "/timestamp", "/headers/X~1Y", "/references"):
            assert f"{pointer}: " in str(raised.value)
