"""A mail carries what its vendor gives back, and nobody else's mail does; what comes back names message and account."""

from email import message_from_bytes
from email.policy import default

import msgspec

from concierge.channels.email.marks import Mark
from concierge.channels.email.relays import RELAYS, relay_of
from concierge.channels.model import Credentials, Receipt
from tests.contracts.channels import CHANNELS, request
from tests.contracts.transports import MAILBOX, SmtpStage, account, message
from tests.each import each
from tests.simulators.mail_events import delivered

LONG = f"{'desk.of.the.' * 5}concierge@{'sub.' * 20}example.com"


@each("mailbox", ["app@example.com", LONG])
@each("vendor", RELAYS)
async def test_what_the_vendor_gives_back_names_the_message(vendor: str, mailbox: str) -> None:
    async with SmtpStage.open() as stage:
        ours = msgspec.structs.replace(stage.account, settings={"relay": vendor}, external_id=mailbox)
        sent = message(MAILBOX, attempt=3)
        await stage.transport.send(sent, ours)
        [received] = stage.server.received
        await stage.transport.close()
    raw = msgspec.structs.replace(request(delivered(vendor, received.content)), query={"account": mailbox})
    [receipt] = CHANNELS[f"email/{vendor}"].read(raw)
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.outbound_id) == ("delivered", sent.id)
    assert receipt.attempt == (None if vendor == "resend" else 3)  # under one key Resend takes the same mail only
    if mailbox != LONG:
        assert receipt.account == mailbox


async def test_a_retry_through_resend_is_the_same_mail_under_the_same_key() -> None:
    async with SmtpStage.open() as stage:
        ours = msgspec.structs.replace(stage.account, settings={"relay": "resend"})
        sent = message(MAILBOX)
        await stage.transport.send(sent, ours)
        await stage.transport.send(msgspec.structs.replace(sent, attempt=2), ours)
        first, second = stage.server.received
        await stage.transport.close()
    assert first.content == second.content
    mail = message_from_bytes(first.content, policy=default)
    assert mail["Resend-Idempotency-Key"] == str(sent.id)


async def test_other_servers_get_no_marks() -> None:
    async with SmtpStage.open() as stage:
        await stage.transport.send(message(MAILBOX), stage.account)
        [received] = stage.server.received
        await stage.transport.close()
    assert not [name for name in message_from_bytes(received.content) if name.lower().startswith("x-")]


@each(
    ("url", "vendor"),
    [
        ("smtp://u:p@smtp.postmarkapp.com:587", "postmark"),
        ("smtp://u:p@smtp-broadcasts.postmarkapp.com", "postmark"),
        ("smtps://u:p@smtp.eu.mailgun.org", "mailgun"),
        ("smtp://apikey:p@smtp.sendgrid.net:587", "sendgrid"),
        ("smtp://u:p@smtp-relay.brevo.com:587", "brevo"),
        ("smtp://u:p@smtp-relay.sendinblue.com", "brevo"),
        ("smtps://resend:p@smtp.resend.com:465", "resend"),
        ("smtp://u:p@mail.example.com", None),
        ("smtp://u:p@notmailgun.org", None),
        ("smtp://[::1", None),
        (None, None),
    ],
)
def test_the_server_says_who_it_is(url: str | None, vendor: str | None) -> None:
    known = account("smtp", "app@example.com", smtp_url=url)
    assert relay_of(known) == vendor
    odd = msgspec.structs.replace(known, settings={"relay": "pigeons"}, credentials=Credentials(smtp_url=url))
    assert relay_of(odd) == vendor
    assert relay_of(msgspec.structs.replace(known, settings={"relay": "brevo"})) == "brevo"


def test_postmark_gets_nothing_longer_than_it_keeps() -> None:
    mark = Mark(mailbox=LONG, outbound_id=message(MAILBOX).id, attempt=1)
    assert max(len(value) for value in RELAYS["postmark"].headers(mark).values()) <= 80
