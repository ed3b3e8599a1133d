"""Mail from any vendor is proven and kept once; what cannot be fetched yet, the vendor is asked to bring again."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from concierge.channels.email.ses_webhook import SesWebhook
from concierge.channels.email.sns import Sns
from concierge.channels.model import Credentials
from concierge.runtime import Runtime
from concierge.tenants.vault import seal
from tests.contracts.channels import MEDIA_TYPES, PAYLOADS
from tests.each import each
from tests.fakes import FrozenClock
from tests.simulators.mail_posts import posts
from tests.simulators.resend_api import ResendApi
from tests.simulators.sns import TOPIC, SnsHost
from tests.world import World, open_world

POSTS = posts()
PRODUCTION = {
    "CONCIERGE_ENV": "production",
    "EMAIL_WEBHOOK_SECRET": "secret of the JSON door",
    "WHATSAPP_APP_SECRET": "app",
    "WHATSAPP_VERIFY_TOKEN": "verify",
}
EXAMPLES = {
    "postmark": "postmark/attachments.json",
    "mailgun": "mailgun/attachments.multipart",
    "sendgrid": "sendgrid/raw.multipart",
    "ses": "ses/received_base64.json",
    "resend": "resend/received.json",
    "brevo": "brevo/attachments.json",
    "raw": "raw/attachments.eml",
}
MAIL = (PAYLOADS / "email/raw/attachments.eml").read_bytes()
SENT = """
    insert into outbound_message (id, tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, status, due_at, created_at, moved_at)
    select '01890a5d-ac96-774b-bcce-b302099a8057', tenant_id, channel_account_id, id, identity_id, 'confirmation',
           'k', '{"text": "Hello"}', 'unknown', now(), now(), now()
    from conversation
"""
KEPT = "select count(*) from inbound_message"
each_vendor = pytest.mark.parametrize("vendor", EXAMPLES)


class Mail:
    """A world with a mailbox that knows every vendor's secret."""

    def __init__(self, world: World, sns: SnsHost, resend: ResendApi) -> None:
        self.world, self.sns, self.resend = world, sns, resend

    async def post(self, vendor: str, file: str | None = None, *, signed: bool = True, **query: str) -> httpx.Response:
        path = PAYLOADS / "email" / (file or EXAMPLES[vendor])
        headers, body = self.signed(vendor, path) if signed else ({}, path.read_bytes())
        kind = {"content-type": MEDIA_TYPES[path.suffix]}
        url = f"/webhook/email/{vendor}"
        return await self.world.client.post(url, content=body, headers=kind | headers, params=query)

    def signed(self, vendor: str, path: Path) -> tuple[dict[str, str], bytes]:
        if vendor == "ses":
            return self.sns.signed(json.loads(path.read_bytes()), version="2")
        return POSTS[f"email/{vendor}"].signed(path.read_bytes(), self.world.clock())


@pytest.fixture
async def mail(db: str, clock: FrozenClock) -> AsyncIterator[Mail]:
    async with SnsHost().serving() as sns, ResendApi().serving() as resend:
        resend.mails["56761188-7520-42d8-8898-ff6fc54ce618"] = MAIL

        def arrange(runtime: Runtime) -> Runtime:
            doors = {**runtime.channels, "email/ses": SesWebhook(Sns(sns.hosts, sns.tls))}
            return msgspec.structs.replace(runtime, channels=doors)

        async with open_world(db, clock, arrange=arrange, **PRODUCTION) as world:
            opened = Mail(world, sns, resend)
            await settle(opened, topic_arns=[TOPIC], resend_base_url=resend.url)
            yield opened


async def settle(mail: Mail, **settings: Any) -> None:
    """Give the mailbox its vendors' secrets and these settings."""
    secrets = sorted({post.secret for post in POSTS.values()})
    credentials = Credentials(webhook_secrets=secrets, access_token=mail.resend.key)
    await mail.world.execute(
        "update channel_account set credentials = %(sealed)s, settings = %(settings)s where channel = 'email'",
        sealed=seal(credentials, mail.world.runtime.settings),
        settings=json.dumps(settings),
    )


@each_vendor
async def test_a_proven_mail_is_kept_once_and_wakes_somebody(mail: Mail, vendor: str) -> None:
    first, second = await mail.post(vendor), await mail.post(vendor)
    assert [(answer.status_code, answer.json()["status"]) for answer in (first, second)] == [
        (200, "accepted"),
        (200, "duplicate"),
    ]
    ((sender, text, raw),) = await mail.world.rows(
        "select i.value, m.text, m.raw is not null"
        " from inbound_message m join contact_identity i on i.id = m.identity_id"
    )
    assert (sender, raw) == ("alice@example.org", True)
    assert text in {"The contract is attached.", "See both", "Call Bob on Friday."}
    assert await mail.world.one("select count(*) from procrastinate_jobs where task_name = 'inbox.handle'") == 1


@each("vendor", EXAMPLES)
async def test_what_nobody_signed_is_refused(mail: Mail, vendor: str) -> None:
    answer = await mail.post(vendor, signed=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "forged")
    assert await mail.world.one(KEPT) == 0


@each("vendor", EXAMPLES)
async def test_nonsense_is_malformed(mail: Mail, vendor: str) -> None:
    answer = await mail.world.client.post(f"/webhook/email/{vendor}", content=b'{"nonsense": [')
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@each_vendor
async def test_an_account_may_take_mail_from_one_vendor_only(mail: Mail, vendor: str) -> None:
    other = "brevo" if vendor != "brevo" else "postmark"
    await settle(mail, topic_arns=[TOPIC], resend_base_url=mail.resend.url, vendor=other)
    assert (await mail.post(vendor)).status_code == 401
    assert (await mail.post(other)).status_code == 200


async def test_mailgun_may_post_to_a_url_that_ends_in_mime(mail: Mail) -> None:
    path = PAYLOADS / "email/mailgun/mime.form"
    headers, body = mail.signed("mailgun", path)
    answer = await mail.world.client.post("/webhook/email/mailgun/mime", content=body, headers=headers)
    assert answer.json()["status"] == "accepted"


async def test_a_mail_that_cannot_be_fetched_is_asked_for_again(mail: Mail) -> None:
    mail.resend.answering = False
    assert (await mail.post("resend")).status_code == 503
    assert await mail.world.one(KEPT) == 0
    mail.resend.answering = True
    assert (await mail.post("resend")).json()["status"] == "accepted"


async def test_a_certificate_that_cannot_be_fetched_means_later(mail: Mail) -> None:
    mail.sns.answering = False
    assert (await mail.post("ses")).status_code == 503
    mail.sns.answering = True
    mail.world.clock.advance(seconds=11)
    assert (await mail.post("ses")).status_code == 200


async def test_a_subscription_is_confirmed_for_a_topic_the_account_trusts(mail: Mail) -> None:
    assert (await mail.post("ses", "ses/subscription.json")).status_code == 401
    assert (await mail.post("ses", "ses/subscription.json", account="nobody@example.com")).status_code == 401
    assert mail.sns.confirmed == []
    assert (await mail.post("ses", "ses/subscription.json", account="Concierge@example.com")).status_code == 200
    assert len(mail.sns.confirmed) == 1


async def test_a_topic_the_account_does_not_trust_says_nothing(mail: Mail) -> None:
    await settle(mail, topic_arns=["arn:aws:sns:eu-west-1:123456789012:another"])
    assert (await mail.post("ses")).status_code == 401
    assert (await mail.post("ses", "ses/delivery.json")).status_code == 401
    assert mail.sns.requests == []


async def test_a_receipt_finds_its_message(mail: Mail) -> None:
    assert (await mail.post("ses")).status_code == 200
    await mail.world.execute(SENT)
    for file, status in (
        ("send", "sent"),
        ("bounce_permanent", "failed"),
        ("delivery", "delivered"),
        ("send", "delivered"),
    ):
        assert (await mail.post("ses", f"ses/{file}.json")).json()["status"] == "accepted"
        assert await mail.world.one("select status from outbound_message") == status


EVENTS = {  # of each vendor's: what became of our message, what it is then, why its recipient is left alone
    "postmark": [("delivery", "delivered", None), ("hard_bounce", "failed", "bounce")],
    "mailgun": [("failed_permanent", "failed", "bounce"), ("by_message_id", "delivered", None)],
    "sendgrid": [("bounce", "failed", "bounce"), ("course", "delivered", None)],
    "brevo": [("request", "sent", None), ("hard_bounce", "failed", "bounce"), ("complaint", None, "complaint")],
    "resend": [("sent", "sent", None), ("delivered", "delivered", None), ("complained", None, "complaint")],
}
OF_OTHERS = {
    "postmark": ("of_others", "of_tomorrow"),
    "mailgun": ("of_others", "of_tomorrow"),
    "sendgrid": ("of_others_and_a_broken_one",),
    "brevo": ("of_others", "of_tomorrow"),
    "resend": ("of_the_account",),
}


@pytest.mark.parametrize("vendor", EVENTS)
async def test_what_a_vendor_says_of_our_mail_counts(mail: Mail, vendor: str) -> None:
    assert (await mail.post("raw")).status_code == 200  # somebody to write to
    await mail.world.execute(SENT)
    for file, status, reason in EVENTS[vendor]:
        await mail.world.execute("update outbound_message set status = 'unknown', receipt_at = null")
        await mail.world.execute("delete from suppression")
        path = f"{vendor}/event_{file}.json"
        assert (await mail.post(vendor, path, signed=False)).status_code == 401
        answers = [await mail.post(vendor, path) for _ in range(2)]
        assert [(each.status_code, each.json()["status"]) for each in answers] == [(200, "accepted")] * 2
        assert await mail.world.one("select status from outbound_message") == (status or "unknown")
        found = await mail.world.rows("select value, reason, scope from suppression")
        assert found == ([("bob@example.org", reason, "all")] if reason else [])


@each("vendor", OF_OTHERS)
async def test_what_it_says_of_other_peoples_mail_does_not(mail: Mail, vendor: str) -> None:
    """A business may send its newsletters through the same vendor: those are nobody's here, and no error."""
    for file in OF_OTHERS[vendor]:
        path = f"{vendor}/event_{file}.json"
        assert (await mail.post(vendor, path, signed=False, account="concierge@example.com")).status_code == 401
        answer = await mail.post(vendor, path, account="Concierge@example.com")
        assert answer.status_code == 200, answer.text
    assert await mail.world.rows("select 1 from suppression union all select 1 from unrouted_message") == []


async def test_an_account_of_one_vendor_hears_the_one_it_sends_through(mail: Mail) -> None:
    await settle(mail, topic_arns=[TOPIC], vendor="ses")
    assert (await mail.post("postmark", "postmark/event_delivery.json")).status_code == 401
    await settle(mail, topic_arns=[TOPIC], vendor="ses", relay="postmark")
    mail.world.clock.advance(seconds=6)  # accounts are remembered for five
    assert (await mail.post("postmark", "postmark/event_delivery.json")).status_code == 200


async def test_mail_to_a_forwarding_address_finds_the_mailbox_it_names(mail: Mail) -> None:
    answer = await mail.post("postmark", "postmark/forwarded_to_the_hash_address.json")
    assert answer.json()["status"] == "accepted"


async def test_mail_to_several_people_finds_the_one_that_is_ours(mail: Mail) -> None:
    assert (await mail.post("raw", "raw/several_recipients.eml")).json()["status"] == "accepted"
    assert (await mail.post("raw", "raw/reply_token.eml")).json()["status"] == "accepted"
    assert await mail.world.one("select count(*) from unrouted_message") == 0


async def test_mail_to_one_mailbox_and_a_stranger_keeps_both(mail: Mail) -> None:
    assert (await mail.post("sendgrid", "sendgrid/two_recipients.multipart")).json()["status"] == "accepted"
    assert await mail.world.rows("select external_id, reason from unrouted_message") == [
        ("sales@example.com", "unknown_account")
    ]


@each("file", ["out_of_office", "bounce", "mailing_list", "own_mail", "no_from", "reply_to_us"])
async def test_what_no_person_wrote_is_never_answered(mail: Mail, file: str) -> None:
    assert (await mail.post("raw", f"raw/{file}.eml")).json()["status"] == "accepted"
    await mail.world.work()
    assert await mail.world.one("select count(*) from outbound_message") == 0


async def test_too_much_is_too_large(mail: Mail) -> None:
    huge = b"x" * (mail.world.runtime.settings.webhook_max_bytes + 1)
    answers = [await mail.world.client.post(f"/webhook/email/{vendor}", content=huge) for vendor in EXAMPLES]
    assert {answer.status_code for answer in answers} == {413}
