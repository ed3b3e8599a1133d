"""What `local` makes of a message that answers a draft: each wish in many words, and what is about something else."""

from datetime import datetime

from msgspec import structs

from concierge.llm.local.reading import read
from concierge.llm.purposes import DraftAnswer, ExtractPrompt, OpenDraft, Reading, Said
from tests.each import each

NOW = datetime(2026, 11, 18, 10, 7)  # noqa: DTZ001  a wall time, a Wednesday
TEXT = "Hello,\n\nthe invoice is due on Tuesday.\n\nThanks"
DRAFT = OpenDraft("D1", "Write to Bob", TEXT, "friendly", "medium", None, latest=True)
OTHER = OpenDraft("D2", "Ask Ann about the rent", "Hi Ann!", "friendly", "medium", None)


def said(text: str, *drafts: OpenDraft, before: tuple[Said, ...] = ()) -> Reading:
    return read(
        ExtractPrompt(
            now=NOW,
            zone="UTC",
            default_draft=False,
            questions=(),
            turns=(*before, Said("contact", text)),
            unread=1,
            subject=None,
            private=(),
            drafts=drafts or (DRAFT,),
        )
    )


def does(text: str, *drafts: OpenDraft) -> str:
    reading = said(text, *drafts)
    assert not (reading.drafts and (reading.tasks or reading.changes or reading.preferred)), reading
    return reading.drafts[0].does if reading.drafts else "nothing"


WISHES = {
    "approve": """yes|Yes!|yep|ok|OK.|ok send|ok, send it|send it|Send it please|please send it|yes, send it|yes please
        |approve|approved|Approve it|approve the draft|looks good|Looks good to me, thanks|that's fine|perfect|go ahead
        |sounds good|sure|👍|you can send it|send it as it is|that works for me|lgtm|all good|yes, it looks great
        |ok great then send it|fine, go ahead""",
    "decline": """no|No.|nope|no thanks|don't send it|do not send it|no, don't send it|discard it|reject|never mind
        |no, I don't want it|not now|please don't send that|discard the draft""",
    "change": """change it to: Hi Bob, any news?|change it to Hi Bob, where is my invoice?|Change the text to "Dear Bob"
        |no, change it to Hello Bob|it should say Hi Bob|use this instead: Hi Bob|say: Hi Bob, call me
        |change Tuesday to Wednesday|replace "Tuesday" with "Friday"|my version: Hi Bob
        |yes but change Tuesday to Monday""",
    "rewrite": """shorter|make it shorter|make it shorter please|can you make it shorter?|a bit shorter|too long
        |it's too long|no, make it shorter|yes but make it shorter|longer|make it longer|too short|more formal
        |make it more formal|a bit friendlier|make it less formal|it is too formal|in German|write it in Spanish please
        |translate it to French|German please|regenerate|try again|again|another one|write another one
        |give me another version        |rewrite it|do it again|a new draft|something else|more concise""",
    "unclear": """hmm|maybe|not sure|I'm not sure|I don't know|?|change it|edit the draft|fix it|make it better
        |I don't like it|that's wrong|yes, but mention the invoice number|mention the price|great
        |it's not what I meant""",
    "nothing": """thanks|thank you!|hello|Remind me to call Ann tomorrow at 3pm|what's on my list?|is it raining?
        |change it to 4pm|send it to me on Friday at 9am|remind me about this tomorrow|I called Bob already
        |no, remind me tomorrow at 9|call me Alex""",
}


@each("wish", WISHES)
def test_said_right_after_we_asked(wish: str) -> None:
    texts = [each.strip() for each in WISHES[wish].split("|")]
    assert {text: does(text) for text in texts} == dict.fromkeys(texts, wish)


def test_later_only_what_names_the_draft() -> None:
    later = structs.replace(DRAFT, latest=False)
    for text in ("yes", "ok", "no", "shorter", "hmm", "again", "perfect", "fine", "in German", "never mind"):
        assert does(text, later) == "nothing", text
    for text in ("send it", "approve", "send the draft", "ok, approve the draft please"):
        assert does(text, later) == "approve", text
    assert does("discard the draft", later) == "decline"
    assert does("make the draft shorter", later) == "rewrite"


def test_without_a_draft_nobody_is_answered() -> None:
    prompt_without = structs.replace(DRAFT, latest=False)
    assert said("yes", prompt_without).drafts == []
    assert read(
        ExtractPrompt(
            now=NOW, zone="UTC", default_draft=False, questions=(), turns=(Said("contact", "send it"),), unread=1,
            subject=None, private=(),
        )
    ).drafts == []  # fmt: skip


def test_what_is_to_be_different() -> None:
    def only(text: str) -> DraftAnswer:
        (answer,) = said(text).drafts
        return answer

    assert only("make it shorter").length == "short"
    assert only("too short").length == "long"
    assert only("more formal please").tone == "formal"
    assert only("too formal").tone == "less formal"
    assert only("in German").language == "de"
    assert only('change it to: "Hi Bob, can we\nmeet on Monday at 9?"').text == "Hi Bob, can we\nmeet on Monday at 9?"
    assert only("change Tuesday to Wednesday").text == TEXT.replace("Tuesday", "Wednesday")
    assert only("Yes but replace Thanks with Best wishes").text == TEXT.replace("Thanks", "Best wishes")


def test_yes_and_something_else() -> None:
    reading = said("Yes, and remind me to call Ann tomorrow at 3pm")
    assert [each.does for each in reading.drafts] == ["approve"]
    assert [(each.title, each.when and each.when.wall) for each in reading.tasks] == [("Call Ann", "2026-11-19T15:00")]


def test_which_of_several() -> None:
    both = (structs.replace(DRAFT, latest=True), structs.replace(OTHER, latest=True))
    assert said("yes", *both).drafts[0].refs == []
    assert said("send the second one", *both).drafts[0].refs == ["D2"]
    assert said("approve the one for Bob", *both).drafts[0].refs == ["D1"]
    assert said("send the rent draft", *both).drafts[0].refs == ["D2"]
    asked = (Said("contact", "make it shorter"), Said("concierge", "Which draft do you mean?\n1. Write to Bob\n2. Ask"))
    (answer,) = said("the second", *both, before=asked).drafts
    assert (answer.does, answer.refs, answer.length, answer.quote) == ("rewrite", ["D2"], "short", "the second")
