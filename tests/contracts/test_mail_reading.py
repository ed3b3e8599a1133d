"""What mail is, beyond its payload files: attachments give their bytes back, and no mail takes long or raises."""

import json
from hashlib import sha256
from pathlib import Path
from time import process_time
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge.channels.email.attached import attached
from concierge.channels.email.letters import MOST_RECIPIENTS
from concierge.channels.email.markup import html_of
from concierge.channels.email.mime import letter
from concierge.channels.email.quoted_html import folded
from concierge.channels.email.quoting import newest
from concierge.channels.email.words import decoded
from concierge.channels.model import Inbound
from concierge.errors import Malformed
from tests.contracts.channels import CHANNELS, events, payloads, request
from tests.each import each

HEADERS = b"From: alice@example.org\r\nTo: concierge@example.com\r\n"


def read(mail: bytes) -> Inbound:
    (inbound,) = CHANNELS["email/raw"].read(request(mail))
    assert isinstance(inbound, Inbound)
    return inbound


def test_the_url_may_say_whom_a_mail_is_for() -> None:
    mail = b"From: alice@example.org\r\nTo: undisclosed-recipients:;\r\n\r\nHi"
    with pytest.raises(Malformed):
        CHANNELS["email/raw"].read(request(mail))
    said = msgspec.structs.replace(request(mail), query={"to": "Concierge+abc@example.com"})
    (inbound,) = CHANNELS["email/raw"].read(said)
    assert isinstance(inbound, Inbound)
    assert (inbound.account, inbound.token) == ("concierge@example.com", "abc")


@each(("channel", "path"), [each for each in payloads() if each[0].startswith("email")])
def test_an_attachment_gives_its_bytes_back(channel: str, path: Path) -> None:
    for one in (event for event in events(channel, path) if isinstance(event, Inbound)):
        for attachment in one.attachments:
            content = attached(one.raw, attachment.locator)
            if channel == "email/brevo":  # lies at Brevo
                assert content is None
                continue
            assert content is not None
            assert len(content) == attachment.size
            assert sha256(content).hexdigest() == attachment.sha256


@given(raw=st.binary(max_size=200), locator=st.text(max_size=20) | st.sampled_from(["part:0", "postmark:0", "form:a"]))
def test_a_locator_leads_somewhere_or_nowhere(raw: bytes, locator: str) -> None:
    assert attached(raw, locator) is None or isinstance(attached(raw, locator), bytes)


@given(mail=st.binary(max_size=400))
def test_any_bytes_are_a_letter(mail: bytes) -> None:
    letter(mail)
    letter(HEADERS + mail)


PIECES = [
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: text/html; charset=\0\r\n",
    "Content-Type: text/plain; charset*=utf-8''%zz\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Disposition: attachment; filename*0*=x''%ff\r\n",
    "Subject: =?x?q?=FF?=\r\n",
    "References: <>< a>\r\n",
    "From: (((<@>,;:\r\n",
    "Date: 0\r\n",
    "=?utf-8?b?//?=",
    "\r\n",
    "--b\r\n",
    "--b--\r\n",
    "á\0",
]


@given(mail=st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_mail_is_kept(mail: list[str]) -> None:
    inbound = read(HEADERS + "".join(mail).encode())
    assert "\0" not in inbound.text + (inbound.subject or "") + (inbound.sender_name or "")
    inbound.text.encode()


@pytest.mark.parametrize(
    "part",
    ["a ", "\n", ">", "> \n", "On 9:00 a@b.c ", "From: a\n", "_", "-- original message ", "<div ", '<div class="', "=?",
     "=?utf-8?q?a?= ", "(", "<", ",", "a@b.c, ", "\r\n--b\r\n", "\t"],
)  # fmt: skip
def test_no_mail_takes_long(part: str) -> None:
    huge = part * (30_000 // len(part))
    begun = process_time()
    newest(huge)
    folded(huge)
    decoded(huge)
    read(HEADERS + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + huge.encode())
    for name in (b"Reply-To", b"References", b"Content-Type", b"Subject"):
        read(HEADERS + name + b": " + huge.replace("\n", " ").replace("\r", " ").encode() + b"\r\n\r\nhi")
    assert process_time() - begun < 1


def test_a_mail_nested_a_thousand_deep_is_kept() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000))
    assert read(HEADERS + b"Subject: deep\r\n" + nested).subject == "deep"


def test_a_long_mail_is_kept_whole() -> None:
    long = "Call Bob. " * 200_000
    assert read(HEADERS + b"\r\n" + long.encode()).text == long.strip()


@each("body", [b"--b\r\n", b"--b", b"--\r\n\r\n", b"--b\r\nContent-Disposition: x\r\n\r\n", b"&" * 2000])
@each("vendor", ["email/mailgun", "email/sendgrid"])
def test_a_broken_form_is_malformed(vendor: str, body: bytes) -> None:
    with pytest.raises(Malformed):
        CHANNELS[vendor].read(request(body))


def test_brevo_reads_what_can_be_read() -> None:
    with pytest.raises(Malformed) as raised:
        CHANNELS["email/brevo"].read(request(json.dumps({"items": [{"Uuid": {}}]}).encode()))
    assert raised.value.pointer == "/items/0/Uuid"


@given(text=st.text() | st.text(alphabet="<>&\"'https://a.b \n)"))
def test_html_holds_the_text_and_no_tag_of_its_own(text: str) -> None:
    body = html_of(text).partition(">\n<p>")[2]
    assert "<script" not in body
    assert body.count("<a href=") == body.count("</a>")


def test_html_has_paragraphs_lines_and_links() -> None:
    told = html_of("Hi <Bob>,\n\nsee https://example.com/a?b=1&c=2.\nBye")
    assert "<p>Hi &lt;Bob&gt;,</p>" in told
    assert '<a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>.<br>\nBye</p>' in told


def _nested(depth: int) -> bytes:
    return b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))


HOSTILE = {  # by what was slow before there were bounds: minutes for each of them
    "blank lines under many boundaries": HEADERS + _nested(200) + b"Content-Type: text/plain\n\n" + b"\n" * 50_000,
    "many parameters": HEADERS + b"Content-Type: text/plain;" + b"a=b;" * 100_000 + b"\n\nhi",
    "many parts": HEADERS + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n\n" * 50_000,
    "many lines like headers": HEADERS + b"\n" + b"From: a\n" * 100_000,
    "many recipients that failed": HEADERS
    + b"In-Reply-To: <x@y>\nX-Failed-Recipients: "
    + b"a@b.c," * 100_000
    + b"\n\nhi",
}


@pytest.mark.parametrize("mail", HOSTILE.values(), ids=HOSTILE.keys())
def test_nobody_keeps_us_busy_with_a_mail(mail: bytes) -> None:
    """It is read before anybody has proved anything, in the process that takes everybody's webhooks."""
    begun = process_time()
    assert CHANNELS["email/raw"].read(request(mail))[0].account == "concierge@example.com"
    assert process_time() - begun < 0.7


def test_a_text_for_many_is_read_once() -> None:
    everybody = ",".join(f"desk{n}@example.com" for n in range(5_000))
    fields = {"recipient": everybody, "from": "alice@example.org", "body-plain": "From: x\n" * 10_000}
    form = {"content-type": "application/x-www-form-urlencoded"}
    begun = process_time()
    found = CHANNELS["email/mailgun"].read(request(urlencode(fields).encode(), form))
    assert process_time() - begun < 2
    assert len(found) == MOST_RECIPIENTS
