"""Each vendor of mail proves itself its own way; nobody else does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from concierge.channels.email.ses_webhook import SesWebhook
from concierge.channels.email.sns import Sns
from concierge.channels.model import Raw
from concierge.errors import Malformed, NotStored
from tests.contracts.channels import CHANNELS, MEDIA_TYPES, RECEIVED_AT, payloads
from tests.each import each
from tests.simulators.mail_posts import posts
from tests.simulators.sns import TOPIC, SnsHost, notification

POSTS = posts()
EXAMPLES = {channel: path for channel, path in payloads() if channel in POSTS}
each_vendor = each("vendor", POSTS)


def raw(vendor: str, body: bytes, headers: dict[str, str], at: datetime = RECEIVED_AT) -> Raw:
    kind = {"content-type": MEDIA_TYPES[EXAMPLES[vendor].suffix]} if vendor in EXAMPLES else {}
    return Raw(headers=kind | headers, body=body, received_at=at)


class TestPosts:
    @each_vendor
    def test_the_vendors_own_request_is_authentic(self, vendor: str) -> None:
        headers, body = POSTS[vendor].signed(EXAMPLES[vendor].read_bytes(), RECEIVED_AT)
        request = raw(vendor, body, headers)
        assert CHANNELS[vendor].authentic(request, ["another", "an:other", POSTS[vendor].secret])
        assert not CHANNELS[vendor].authentic(request, ["another", "an:other", "whsec_x", "", "arn:aws:sns:x"])
        assert not CHANNELS[vendor].authentic(request, [])
        assert CHANNELS[vendor].read(request)

    @each_vendor
    def test_without_its_headers_or_fields_it_is_not(self, vendor: str) -> None:
        headers, body = POSTS[vendor].signed(EXAMPLES[vendor].read_bytes(), RECEIVED_AT)
        unsigned = raw(vendor, EXAMPLES[vendor].read_bytes() if vendor == "email/mailgun" else body, {})
        assert not CHANNELS[vendor].authentic(unsigned, [POSTS[vendor].secret])
        for name in headers:
            for nonsense in ("", "Basic", "Basic ü", "Basic " + "A" * 9, "v1,", "\udcff", "MEUC" * 20):
                changed = raw(vendor, body, headers | {name: nonsense})
                assert not CHANNELS[vendor].authentic(changed, [POSTS[vendor].secret])

    @each("vendor", [name for name, post in POSTS.items() if post.covered])
    def test_a_changed_body_is_not_authentic(self, vendor: str) -> None:
        headers, body = POSTS[vendor].signed(EXAMPLES[vendor].read_bytes(), RECEIVED_AT)
        assert not CHANNELS[vendor].authentic(raw(vendor, body + b" ", headers), [POSTS[vendor].secret])

    @pytest.mark.parametrize(
        ("vendor", "late"), [("email/mailgun", timedelta(days=2)), ("email/resend", timedelta(minutes=6))]
    )
    def test_an_old_signature_is_not_authentic(self, vendor: str, late: timedelta) -> None:
        headers, body = POSTS[vendor].signed(EXAMPLES[vendor].read_bytes(), RECEIVED_AT)
        soon, later = RECEIVED_AT + late / 3, RECEIVED_AT + late
        assert CHANNELS[vendor].authentic(raw(vendor, body, headers, soon), [POSTS[vendor].secret])
        assert not CHANNELS[vendor].authentic(raw(vendor, body, headers, later), [POSTS[vendor].secret])

    def test_a_password_without_a_colon_is_none(self) -> None:
        request = raw("email/postmark", b"{}", {"authorization": "Basic c2VjcmV0"})
        assert not CHANNELS["email/postmark"].authentic(request, ["secret"])


@pytest.fixture
async def sns() -> AsyncIterator[SnsHost]:
    async with SnsHost().serving() as host:
        yield host


@pytest.fixture
async def ses(sns: SnsHost) -> AsyncIterator[SesWebhook]:
    channel = SesWebhook(Sns(sns.hosts, sns.tls))
    yield channel
    await channel.close()


def posted(request: tuple[dict[str, str], bytes], at: datetime = RECEIVED_AT) -> Raw:
    return Raw(headers=request[0], body=request[1], received_at=at)


async def proven(channel: SesWebhook, request: Raw, topics: list[str]) -> bool:
    await channel.prepare(request, topics)
    return channel.authentic(request, topics)


class TestSns:
    @pytest.mark.parametrize("version", ["1", "2"])
    async def test_both_versions_are_verified(self, sns: SnsHost, ses: SesWebhook, version: str) -> None:
        for envelope in (
            notification("{}"),
            notification("ü", Subject="with a subject"),
            notification("hello", Type="SubscriptionConfirmation", Token="t", SubscribeURL=""),
        ):
            assert await proven(ses, posted(sns.signed(envelope, version=version)), [TOPIC])
        assert len(sns.requests) == 1  # the certificate is remembered

    @pytest.mark.parametrize(
        "change",
        [
            {"Message": "other"},
            {"Subject": "new"},
            {"SignatureVersion": "2"},
            {"SignatureVersion": "3"},
            {"Signature": "AAAA"},
            {"Signature": "ü"},
        ],
    )
    async def test_what_was_changed_is_not_authentic(
        self, sns: SnsHost, ses: SesWebhook, change: dict[str, object]
    ) -> None:
        assert not await proven(ses, posted(sns.signed(notification("{}"), **change)), [TOPIC])

    async def test_another_customers_topic_is_not_authentic(self, sns: SnsHost, ses: SesWebhook) -> None:
        theirs = notification("{}", TopicArn="arn:aws:sns:eu-west-1:999999999999:theirs")
        assert not await proven(ses, posted(sns.signed(theirs)), [TOPIC])
        assert sns.requests == []

    async def test_an_expired_certificate_is_not_believed(self, sns: SnsHost, ses: SesWebhook) -> None:
        request = sns.signed(notification("{}"))
        assert not await proven(ses, posted(request, datetime(2041, 1, 1, tzinfo=UTC)), [TOPIC])

    async def test_a_certificate_that_does_not_come_means_later(self, sns: SnsHost, ses: SesWebhook) -> None:
        sns.answering = False
        request = sns.signed(notification("{}"))
        for _ in range(2):
            with pytest.raises(NotStored):
                await proven(ses, posted(request), [TOPIC])
        assert len(sns.requests) == 1  # not asked for again within seconds
        sns.answering = True
        assert await proven(ses, posted(request, RECEIVED_AT + timedelta(seconds=11)), [TOPIC])

    @each(
        "url",
        [
            "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
            "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem",
            "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
            "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
            "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
            "https://s3.amazonaws.com/sns.eu-west-1.amazonaws.com/x.pem",
            "https://sns.eu-west-1.amazonaws.com/x.pem?y",
            "https://sns.eu-west-1.amazonaws.com/../x.txt",
            "https://[::1/x.pem",
            "",
        ],
    )
    async def test_only_amazons_own_certificates_are_fetched(self, sns: SnsHost, url: str) -> None:
        real = SesWebhook()
        request = posted(sns.signed(notification("{}"), SigningCertURL=url))
        assert not await proven(real, request, [TOPIC])
        assert sns.requests == []

    def test_amazons_hosts_are_amazons(self) -> None:
        real = Sns()
        for host in (
            "sns.eu-west-1.amazonaws.com",
            "sns.cn-north-1.amazonaws.com.cn",
            "sns.us-gov-west-1.amazonaws.com",
        ):
            assert real.is_amazons(f"https://{host}/x.pem")

    async def test_a_subscription_is_confirmed_once_it_is_proven(self, sns: SnsHost, ses: SesWebhook) -> None:
        asked = notification("hello", Type="SubscriptionConfirmation", Token="t0ken", SubscribeURL="")
        events = ses.read(posted(sns.signed(asked)))
        assert await ses.completed(events, {}) == []
        assert sns.confirmed == ["/?Action=ConfirmSubscription&Token=t0ken"]

    async def test_a_subscription_that_leads_elsewhere_is_malformed(self, sns: SnsHost) -> None:
        asked = notification("hello", Type="SubscriptionConfirmation", Token="t", SubscribeURL="")
        with pytest.raises(Malformed) as raised:
            SesWebhook().read(posted(sns.signed(asked)))
        assert raised.value.pointer == "/SubscribeURL"

    async def test_it_is_delivered_again_while_sns_does_not_answer(self, sns: SnsHost, ses: SesWebhook) -> None:
        asked = notification("hello", Type="SubscriptionConfirmation", Token="t", SubscribeURL="")
        events = ses.read(posted(sns.signed(asked)))
        sns.answering = False
        with pytest.raises(NotStored):
            await ses.completed(events, {})
