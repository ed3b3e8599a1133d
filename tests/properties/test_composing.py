"""Whatever strangers wrote into a subject, a name or an id: the mail has our headers, each once, and our text."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge.channels.email.composing import POLICY, composed
from concierge.channels.enclosed import File
from concierge.channels.model import Address, Buttons, Choice, Media, Menu, Template
from concierge.errors import AccountStopped, Refused
from tests.contracts.transports import CREATED_AT, MAILBOX, account, message
from tests.each import each

HEADERS = {"from", "to", "subject", "message-id", "date", "in-reply-to", "references", "auto-submitted"}
MIME = {"content-type", "content-transfer-encoding", "mime-version"}
ID = re.compile(r"<[!-;=?-~]+>")
DESK = account("smtp", "desk@example.com")

hostile = st.text(max_size=120) | st.text(alphabet='ab <>@,;:"\\\r\n\t\0é😀=?_', max_size=200)


@given(
    subject=hostile, name=hostile, text=st.text(max_size=500), quotes=hostile, references=st.lists(hostile, max_size=14)
)
def test_nothing_breaks_out_of_its_header(
    subject: str, name: str, text: str, quotes: str, references: list[str]
) -> None:
    sent = message(MAILBOX, subject=subject, recipient_name=name, text=text, quotes=quotes, references=references)
    mail = message_from_bytes(composed(sent, DESK).as_bytes(), policy=default)
    names = [name.lower() for name in mail.keys()]  # noqa: SIM118 - a header may stand twice
    assert len(names) == len(set(names))
    assert set(names) <= HEADERS | MIME
    assert [address.addr_spec for address in mail["to"].addresses] == ["alice@example.org"]
    assert [address.addr_spec for address in mail["from"].addresses] == ["desk@example.com"]
    ids = f"{mail['references'] or ''} {mail['in-reply-to'] or ''}".split()
    assert [each for each in ids if not ID.fullmatch(each)] == []
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "".join(plain.get_content().split()) == "".join(text.split())


@given(local=st.text(alphabet="abc.+-_'!#é\"", min_size=1, max_size=70))
def test_a_recipient_is_written_or_refused(local: str) -> None:
    try:
        mail = composed(message(Address(kind="email", value=f"{local}@example.org")), DESK)
    except Refused:
        return
    written = message_from_bytes(mail.as_bytes(), policy=default)
    assert [address.addr_spec for address in written["to"].addresses] == [f"{local}@example.org"]


def test_a_long_id_stays_whole() -> None:
    """Python folds ids of over 77 characters into encoded words, which no mail program threads by."""
    long = "AM0PR04MB1234ABCDEF0123456789ABCDEF0123456789@AM0PR04MB1234.eurprd04.prod.outlook.com"
    lines = (
        composed(message(MAILBOX, quotes=long, references=["first@example.com", long]), DESK).as_bytes().split(b"\r\n")
    )
    assert f"In-Reply-To: <{long}>".encode() in lines
    at = lines.index(b"References: <first@example.com>")
    assert lines[at + 1] == f" <{long}>".encode()


def test_our_own_id_stays_whole() -> None:
    domain = "of-a-business-with-a-name-as-long-as-its-tradition.example.com"
    sent = message(MAILBOX)
    lines = composed(sent, account("smtp", f"desk@{domain}")).as_bytes().split(b"\r\n")
    assert f"Message-ID: <{sent.id}@{domain}>".encode() in lines


def test_what_a_vendor_reads_is_broken_between_its_words_only() -> None:
    data, mail = f'{{"ours": "{"-".join(["0123456789"] * 9)}", "attempt": 1}}', EmailMessage(policy=POLICY)
    mail["X-Mailgun-Variables"] = data
    assert f"X-Mailgun-Variables: {data}".encode() in mail.as_bytes().replace(b"\r\n ", b" ")


@each("name", ["", "a b.ics", "a/b.ics", "a\r\nb.ics", "ü.ics", "x" * 101])
def test_a_file_whose_name_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        composed(message(MAILBOX, files=[File(name, "text/calendar", "x")]), DESK)


def test_a_long_thread_keeps_its_first_and_its_latest() -> None:
    thread = [f"m{n}@example.com" for n in range(30)]
    mail = composed(message(MAILBOX, quotes="m29@example.com", references=thread), DESK)
    assert mail["References"].split() == [f"<m{n}@example.com>" for n in (0, *range(21, 30))]


@each(
    ("subject", "quotes", "written"),
    [
        ("Dentist", None, "Dentist"),
        ("Dentist", "msg-001", "Re: Dentist"),
        ("RE: re: Dentist", "msg-001", "Re: Dentist"),
        ("Re: Dentist", None, "Re: Dentist"),
        (None, "msg-001", "Re:"),
        (None, None, None),
        ("a\r\nBcc: all@example.com", None, "a Bcc: all@example.com"),
        ("a\u2028b\x7fc\x9fd", None, "a b c d"),
    ],
)
def test_the_subject_says_re_once(subject: str | None, quotes: str | None, written: str | None) -> None:
    assert composed(message(MAILBOX, subject=subject, quotes=quotes), DESK)["Subject"] == written


def test_only_an_answer_is_marked_as_one() -> None:
    assert composed(message(MAILBOX, quotes="msg-001"), DESK)["Auto-Submitted"] == "auto-replied"
    assert composed(message(MAILBOX), DESK)["Auto-Submitted"] == "auto-generated"


def test_it_says_for_whom_and_of_when_it_is() -> None:
    mail = composed(message(MAILBOX, recipient_name="Alice Doe"), DESK)
    assert mail["To"] == "Alice Doe <alice@example.org>"
    assert mail["Date"].datetime == CREATED_AT


def test_every_attempt_has_the_same_bytes() -> None:
    sent = message(MAILBOX, subject="Dentist", quotes="msg-001")
    assert composed(sent, DESK).as_bytes() == composed(sent, DESK).as_bytes()


def test_an_account_without_an_address_is_stopped() -> None:
    with pytest.raises(AccountStopped):
        composed(message(MAILBOX), account("smtp", "no address"))


class TestHeadersOnRequest:
    def mail(self, **more: object) -> EmailMessage:
        return composed(message(MAILBOX, **more), DESK)

    def test_replies_come_to_our_token(self) -> None:
        assert self.mail(reply_token="k3-x_9")["Reply-To"] == "desk+k3-x_9@example.com"
        assert self.mail()["Reply-To"] is None

    @each("token", ["", " ", "a b", "a@b", "a>\r\nBcc: x@y.z", "Ünï", "UPPER", "x" * 51])
    def test_a_token_that_is_no_part_of_an_address_is_left_out_or_refused(self, token: str) -> None:
        if token:
            with pytest.raises(Refused):
                self.mail(reply_token=token)
        else:
            assert self.mail(reply_token=token)["Reply-To"] is None

    def test_one_click_unsubscribes(self) -> None:
        """RFC 8058: both headers, the URL whole however long it is."""
        url = "https://concierge.example.com/unsubscribe/" + "a" * 300
        lines = self.mail(unsubscribe_url=url).as_bytes().split(b"\r\n")
        assert f"List-Unsubscribe: <{url}>".encode() in lines
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines

    @each(
        "url",
        [
            "http://a.example",
            "https://",
            "https://a b",
            "https://a>\r\nBcc: x@y.z",
            "mailto:a@b.c",
            "https://a<b",
            "https://" + 901 * "a",
        ],
    )
    def test_a_url_nobody_would_post_to_is_refused(self, url: str) -> None:
        with pytest.raises(Refused) as raised:
            self.mail(unsubscribe_url=url)
        assert raised.value.code == "unsubscribe-url"

    @each(
        "extra",
        [Template("t", "en"), Buttons([Choice("1", "Yes")]), Menu("m", []), Media("image", "https://a.example/x.png")],
    )
    def test_what_mail_cannot_carry_is_refused(self, extra: object) -> None:
        with pytest.raises(Refused) as raised:
            self.mail(extra=extra)
        assert raised.value.code == "extra"
        assert type(extra).__name__ in str(raised.value)

    def test_both_halves_say_the_same(self) -> None:
        mail = message_from_bytes(self.mail(text="Hi <Bob>,\n\nTuesday ✓").as_bytes(), policy=default)
        assert mail.get_content_type() == "multipart/alternative"
        plain, html = mail.iter_parts()
        assert plain.get_content().split() == ["Hi", "<Bob>,", "Tuesday", "✓"]
        assert "<p>Hi &lt;Bob&gt;,</p>" in html.get_content()
        assert "<p>Tuesday ✓</p>" in html.get_content()
