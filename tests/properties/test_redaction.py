"""Whatever is written around them, phones and addresses never stay in a text, and come back as they were."""

from datetime import datetime
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge.errors import ModelUnavailable
from concierge.llm.purposes import Drafted, DraftPrompt, ExtractPrompt, OpenQuestion, Said
from concierge.llm.redaction import Pseudonym, Vault, redacted, restored
from tests.each import each

REGIONS = ["US", "GB", "DE", "FR", "ES", "BR", "IN", "JP", "AU", "MX", "ZA", "NL"]
FORMATS = [phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164]
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)
WORDS = ["call", "send", "the", "it", "to", "about", "please", "Ana", "office", "rent", "on", "Friday", "at", "3pm"]
plain_words = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
phones = st.builds(
    lambda region, mobile, form: phonenumbers.format_number(
        phonenumbers.example_number_for_type(
            region, phonenumbers.PhoneNumberType.MOBILE if mobile else phonenumbers.PhoneNumberType.FIXED_LINE
        ),
        form,
    ),
    st.sampled_from(REGIONS),
    st.booleans(),
    st.sampled_from(FORMATS),
)
emails = st.from_regex(r"[a-z][a-z0-9._+-]{0,12}[a-z0-9]@[a-z][a-z0-9]{1,10}(\.[a-z]{2,5}){1,2}", fullmatch=True)


@given(words)
def test_any_text_comes_back(text: str) -> None:
    vault = Vault()
    redacted = vault.redact(text)
    if not any(dropped in redacted for dropped in ("<CARD>", "<IBAN>", "<SSN>")):
        assert vault.restore(redacted) == text


@given(plain_words, phones, plain_words)
def test_no_phone_stays(before: str, phone: str, after: str) -> None:
    text = f"{before} {phone} {after}"
    vault = Vault()
    redacted = vault.redact(text)
    assert phone not in redacted
    assert "<PHONE_1>" in redacted
    assert vault.restore(redacted) == text


@given(words, emails, words)
def test_no_address_stays(before: str, email: str, after: str) -> None:
    text = f"{before} {email} {after}"
    vault = Vault()
    redacted = vault.redact(text)
    assert email not in redacted
    assert vault.restore(redacted) == text


@given(st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1)), plain_words)  # noqa: DTZ001 - wall times
def test_dates_and_times_stay(at: datetime, around: str) -> None:
    for form in (
        "%Y-%m-%d %H:%M",
        "%m/%d/%Y %H:%M",
        "%d.%m.%Y",
        "%Y-%m-%dT%H:%M:%S",
        "%B %d, %Y at %H:%M",
        "%H:%M",
        "%Y",
    ):
        text = f"{around} {at.strftime(form)} {around}"
        assert Vault(region="US").redact(text) == text


@each(
    ("text", "redacted"),
    [
        ("card 4111-1111-1111-1111 now", "card <CARD> now"),
        ("iban DE89 3704 0044 0532 0130 00 THANKS", "iban <IBAN> THANKS"),
        ("ssn 219-09-9999 or ssn 219099999", "ssn <SSN> or ssn <SSN>"),
        ("from 10.0.0.1 and 2001:db8::8a2e", "from <IP_1> and <IP_2>"),
        ("see https://x.example/a?k=v and https://x.example/help", "see <URL_1> and https://x.example/help"),
        ("call (415) 555-2671 or +14155552671", "call <PHONE_1> or <PHONE_1>"),
        ("Mail A@x.example and a@X.example", "Mail <EMAIL_1> and <EMAIL_1>"),
        ("order 1234567890123 for 12 people", "order 1234567890123 for 12 people"),
        ("Zelda Fitz, zelda, FITZ, Fitzgerald", "<NAME_1>, <NAME_2>, <NAME_3>, Fitzgerald"),
    ],
)
def test_what_becomes_of_each_kind(text: str, redacted: str) -> None:
    assert Vault(private=["Zelda Fitz"], region="US").redact(text) == redacted


def test_a_name_that_is_a_word_does_not_eat_the_text() -> None:
    vault = Vault(private=["Will May"])
    text = "will Will Will May pay in May? he may"
    assert vault.redact(text) == "will <NAME_1> <NAME_2> pay in May? he may"


@each("typed", ["<PHONE_1>", "< phone 1 >", "PHONE_1", "&lt;EMAIL_2&gt;", "<CARD>", "<TEXT_1>"])
def test_a_typed_placeholder_fetches_nothing(typed: str) -> None:
    vault = Vault()
    text = f"call +14155552671, not {typed}"
    redacted = vault.redact(text)
    assert redacted == "call <PHONE_1>, not <TEXT_1>"
    assert vault.restore(redacted) == text


@each("written", ["<PHONE_1>", "<phone_1>", "< PHONE 1 >", "<Phone-1>", "&lt;PHONE_1&gt;", "PHONE_1"])
def test_restoring_is_tolerant(written: str) -> None:
    vault = Vault()
    vault.redact("call +1 415 555 2671")
    assert vault.restore(f"Call {written}!") == "Call +1 415 555 2671!"


DRAFT = DraftPrompt(title="Call +14155552671", source="a@b.example", tone="formal", channel="email", private=("Zelda",))


def test_an_unknown_placeholder_makes_the_answer_unusable() -> None:
    vault = Vault()
    redacted(DRAFT, vault)
    assert restored(Drafted("Call <PHONE_1>"), vault) == Drafted("Call +14155552671")
    with pytest.raises(ModelUnavailable):
        restored(Drafted("Call <PHONE_2>"), vault)


def test_what_was_given_out_before_stays_as_it_was() -> None:
    vault = Vault(known=[Pseudonym("PHONE", 2, "14155552671", "+14155552671"), Pseudonym("EMAIL", 1, "x", "x@y.z")])
    assert vault.redact("call +14155552671 or +14155552672, mail a@b.example") == (
        "call <PHONE_2> or <PHONE_3>, mail <EMAIL_2>"
    )
    assert [(each.kind, each.n) for each in vault.fresh] == [("PHONE", 3), ("EMAIL", 2)]
    assert vault.restore("<EMAIL_1> <EMAIL_2>") == "x@y.z a@b.example"


def test_every_text_of_a_prompt_is_redacted_and_nothing_else() -> None:
    prompt = ExtractPrompt(
        now=datetime(2026, 11, 18, 10, 7),  # noqa: DTZ001 - a wall time
        zone="America/New_York",
        default_draft=False,
        questions=(OpenQuestion("Q1", "Write to York"),),
        turns=(Said("contact", "york@x.example"), Said("concierge", "Mail york@x.example?")),
        unread=1,
        subject="York again",
        private=("York",),
        asker="c-1",
    )
    seen: Any = redacted(prompt, Vault(private=prompt.private))
    assert seen.zone == "America/New_York"
    assert (seen.now, seen.asker, seen.private, seen.unread) == (prompt.now, "c-1", (), 1)
    assert seen.questions == (OpenQuestion("Q1", "Write to <NAME_1>"),)
    assert seen.turns == (Said("contact", "<EMAIL_1>"), Said("concierge", "Mail <EMAIL_1>?"))
    assert seen.subject == "<NAME_1> again"
