"""What is new in a reply, and what quotes or forwards: texts of our own, in the shapes that mail programs write."""

import pytest

from concierge.channels.email.letters import Letter, inbounds
from concierge.channels.email.quoting import newest
from tests.contracts.channels import RECEIVED_AT
from tests.each import each

QUOTE = "> Does Tuesday work?\n> Bob"

ANNOUNCED = {
    "gmail": "On Mon, Jun 2, 2025 at 9:14 AM Bob Baker <bob@example.com> wrote:",
    "gmail, folded": "On Mon, Jun 2, 2025 at 9:14 AM Bob Baker <\nbob@example.com> wrote:",
    "gmail, without a year": "On Mon, Jun 2, Bob Baker\n<bob@example.com>\nwrote:",
    "gmail, until 2013": "2013/7/20 Bob Baker <bob@example.com>",
    "gmail, Ukrainian": "пн, 2 черв. 2025 р. о 09:14 Bob Baker <bob@example.com> пише:",
    "gmail, Vietnamese": "Vào Th 2, 2 thg 6, 2025 vào lúc 09:14 Bob Baker <bob@example.com> đã viết:",
    "in a language nobody here knows": "2. jun. 2025 09:14, Bob Baker <bob@example.com> xyzzy:",
    "in such a language, folded": "2. jun. 2025 09:14 qui\nBob Baker <bob@example.com> xyzzy:",
    "thunderbird, Hungarian": "2025.06.02. 9:14 keltezéssel, Bob Baker írta:",
    "apple, Dutch": "Op 2 jun. 2025, om 09:14 heeft Bob Baker <bob@example.com> het volgende geschreven:",
    "the name first": "Bob Baker <bob@example.com> schrieb am Mo., 2. Juni 2025\num 09:14 Uhr:",
    "nothing but a name": "Bob Baker wrote:",
    "a rule": "________________________________",
}

UNQUOTED = {
    "zoho": "---- On Mon, 02 Jun 2025 09:14:00 +0530 Bob Baker <bob@example.com> wrote ----",
    "without a colon": "On Mon, 2 Jun 2025 09:14:00 -0200 Bob Baker <bob@example.com> wrote",
    "polymail": "On Mon, Jun 2, 2025 at 9:14 AM Bob Baker\n\n<\nmailto:Bob Baker <bob@example.com>\n> wrote:",
    "outlook, Danish": "-----Oprindelig meddelelse-----\nFra: Bob Baker",
    "bold": "*-------- Original Message --------*",
    "mail.ru": "Mon, 2 Jun 2025 09:14:00 +0400 от Bob Baker <bob@example.com>:",
    "yandex": '02.06.2025, 09:14, "Bob Baker" <bob@example.com>:',
    "windows mail": "От: Bob Baker\nОтправлено: \u200e2\u200e июня\u200e 2025\u200e г. 9\u200e:\u200e14\nКому: Alice",
    "outlook": "From: Bob Baker\nSent: Monday, 2 June 2025 09:14\nTo: Alice\nSubject: Tuesday",
    "hotmail, the date first": "Date: Mon, 2 Jun 2025 09:14:00 -0600\nTo: alice@example.org\nFrom: bob@example.com",
    "orange": "=====================\n\nMessage du : 02/06/2025 09:14\nDe : bob@example.com\nA : alice@example.org\n"
    "Copie à : \nSujet : Tuesday",
    "in bold, French": "** De : Bob bob@example.com **\n** Envoyé : lundi 2 juin 2025 **\n** A : Alice **",
    "yahoo, French": "     De : Bob <bob@example.com>\n À : alice@example.org\n Envoyé le : Lundi 2 juin 2025 9h14",
}

FORWARDED = {
    "gmail": "---------- Forwarded message ---------\nFrom: Bob <bob@example.com>\nDate: Mon, 2 Jun\nSubject: Tuesday",
    "gmail, Swedish": "---------- Vidarebefordrat meddelande ---------\nFrån: Bob <bob@example.com>\nÄmne: Tuesday",
    "apple": "Begin forwarded message:\n\n> From: Bob <bob@example.com>\n> Subject: Tuesday",
    "apple, quoted": "> Begin forwarded message:\n> \n> From: Bob <bob@example.com>\n> Subject: Tuesday",
    "apple, German": "Anfang der weitergeleiteten Nachricht:\n\nVon: Bob <bob@example.com>\nBetreff: Tuesday",
    "thunderbird, Russian": "-------- Перенаправленное сообщение --------\nТема: Tuesday\nДата: Mon, 2 Jun 2025 09:14",
}

KEPT = {
    "a form": "Trip, please:\nFrom: Berlin\nTo: Munich\nDate: 12 May 2026, 10:30\nEmail: alice@example.org",
    "a year": "In 2019 I wrote:\nbuy tickets",
    "an address before a colon": "Write to\nalice@example.org or call:\n030 1234",
    "what they quote themselves": "Your site says\n\n> Open on Sundays\n\nand it was closed.",
    "answers between": "On 2 Jun 2025, at 09:14, Bob Baker wrote:\n> Tuesday?\n\nYes.\n\n> Friday?\n\nNo.",
    "nothing of their own": f"On 2 Jun 2025, at 09:14, Bob Baker wrote:\n{QUOTE}",
    "a forward in words": "I forwarded it to you:\nbut nothing came.",
}


class TestText:
    @each("announcement", ANNOUNCED.values())
    def test_the_quote_is_cut(self, announcement: str) -> None:
        assert newest(f"Yes.\n\nAlice\n\n{announcement}\n\n{QUOTE}\n") == "Yes.\n\nAlice"

    @each("announcement", UNQUOTED.values())
    def test_so_it_is_where_nothing_quotes_its_lines(self, announcement: str) -> None:
        below = "Does Tuesday work?\n\n> older\n\nBob"
        assert newest(f"Yes.\n\nAlice\n\n{announcement}\n\n{below}\n") == "Yes.\n\nAlice"

    @each("mark", FORWARDED.values())
    def test_what_is_forwarded_stays(self, mark: str) -> None:
        text = f"Please see below.\n\n{mark}\n\nDoes Tuesday work?"
        assert newest(text) == text

    @each("text", KEPT.values())
    def test_nothing_is_cut_that_may_be_theirs(self, text: str) -> None:
        assert newest(text) == text

    def test_a_forward_within_the_thread_is_part_of_it(self) -> None:
        assert newest(f"Yes.\n\n-----Original Message-----\nFYI\n\n{FORWARDED['gmail']}\n\nHi") == "Yes."

    @pytest.mark.parametrize(
        "footer", ["-- \nAlice Archer\n030 1234", "_______________________________\ncustomers mailing list"]
    )
    def test_a_signature_below_is_no_answer(self, footer: str) -> None:
        assert newest(f"Yes.\n\n{ANNOUNCED['gmail']}\n{QUOTE}\n\n{footer}") == "Yes."

    def test_what_stands_above_and_below_is_theirs(self) -> None:
        assert newest(f"Hi Bob,\n\n{ANNOUNCED['gmail']}\n{QUOTE}\n\nYes.\n-- \nAlice") == "Hi Bob,\n\nYes.\n-- \nAlice"

    def test_below_the_answer_the_thread_may_go_on(self) -> None:
        older = "Am 01.06.2025 um 12:00 schrieb Alice <alice@example.org>:\nWhen?"
        assert newest(f"{ANNOUNCED['gmail']}\n{QUOTE}\n\nYes.\n\n{older}") == "Yes."

    def test_a_sentence_before_the_announcement_is_theirs(self) -> None:
        text = f"Write to alice@example.org please,\non 12 May we are away.\n{ANNOUNCED['gmail']}\n{QUOTE}"
        assert newest(text) == "Write to alice@example.org please,\non 12 May we are away."


WROTE = '<div dir="ltr" class="gmail_attr">On Mon, Jun 2, 2025 at 9:14 Bob &lt;bob@example.com&gt; wrote:<br></div>'
GMAIL = '<div class="gmail_quote gmail_quote_container">{}</div>'
ASKED = '<blockquote class="gmail_quote" style="">Does Tuesday work?<blockquote>Older</blockquote></blockquote>'
CITED = (
    '<div class="moz-cite-prefix">On 02/06/2025 09:14, Bob wrote:</div><blockquote type="cite">Tuesday?</blockquote>'
)

HTML = {
    "gmail, above": (f'<div dir="ltr">Yes.</div><br>{GMAIL.format(WROTE + ASKED)}', "Yes."),
    "gmail, below": (f'{GMAIL.format(WROTE + ASKED)}<div dir="ltr">Yes.</div>', "Yes."),
    "gmail, around": (f"<div>Hi Bob,</div>{GMAIL.format(WROTE + ASKED)}<div>Yes.</div>", "Hi Bob,\n\nYes."),
    "thunderbird, below": (f"<body>{CITED}<p>Yes.</p></body>", "Yes."),
    "apple": ('<body>Yes.<br><div><blockquote type="cite"><div>On 2 Jun 2025, Bob wrote:</div>Tuesday?</div>', "Yes."),
    "yahoo": ('<div class="ydp yahoo_quoted" id="y1"><div>On Monday Bob wrote:</div>Tuesday?</div><p>Yes.</p>', "Yes."),
    "outlook": ('<p>Yes.</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Bob</div>Tuesday?', "Yes."),
    "their own quote": (
        f"You say<br>{ASKED}and that is wrong.",
        "You say\nDoes Tuesday work?\nOlder\nand that is wrong.",
    ),
}


class TestHtml:
    def new(self, html: str, subject: str = "Re: Tuesday") -> str:
        letter = Letter(headers=[("to", "concierge@example.com"), ("subject", subject)], html=html, raw=b"")
        return inbounds(letter, RECEIVED_AT)[0].text

    @each(("html", "text"), HTML.values())
    def test_the_quote_is_cut(self, html: str, text: str) -> None:
        assert "\n".join(line for line in self.new(html).split("\n") if line) == text.replace("\n\n", "\n")

    def test_answers_between_leave_it_whole(self) -> None:
        html = GMAIL.format(f"{WROTE}{ASKED}<div>Yes.</div>{ASKED}<div>No.</div>")
        assert self.new(html).count("Does Tuesday work?") == 2

    def test_what_is_forwarded_stays(self) -> None:
        mark = "---------- Forwarded message ---------<br>From: Bob<br>Subject: Tuesday<br><br>Does Tuesday work?"
        assert "Does Tuesday work?" in self.new(f"<div>See below.</div>{GMAIL.format(mark)}")
        apple = (
            '<p>See below.</p><blockquote type="cite">Begin forwarded message:<br>From: Bob<br>Tuesday?</blockquote>'
        )
        assert "Tuesday?" in self.new(apple)
        outlook = '<p>See below.</p><div id="appendonsend"></div><div id="divRplyFwdMsg">From: Bob</div>Tuesday?'
        assert "Tuesday?" in self.new(outlook, "WG: Tuesday")
