"""Whatever people answer, and whenever: a form is asked in its order, nothing known is asked, and it ends."""

import string

from hypothesis import given
from hypothesis import strategies as st

from concierge.intake.flow import following
from concierge.intake.model import QUESTIONS, Intake, Known, Progress
from concierge.outbox.manners import SERVICE_LISTS, Manners, sanitized

FORM = Intake()
KEYS = [each.key for each in FORM.fields]
turns = st.lists(st.sets(st.sampled_from(KEYS)), max_size=40)


@given(turns)
def test_the_way_through_a_form(said: list[set[str]]) -> None:
    """`said`: which fields each turn answers, often none."""
    known: dict[str, str] = {}
    asked, times, ended = None, 0, None
    for told in said:
        progress = Progress([Known(key, value) for key, value in known.items()], asked, times, completed=False)
        known |= dict.fromkeys(told, "x")
        step = following(FORM, progress, known)
        if step.step != "ask":
            ended = step.step
            break
        assert step.question is not None
        missing = [each.key for each in step.question.fields if each.key not in known]
        before = QUESTIONS[: QUESTIONS.index(step.question)]
        assert missing  # what is known is not asked
        assert all(each.key in known for question in before for each in question.fields)  # nothing is skipped
        assert step.text  # there is something to say
        asked, times = step.question.key, step.times
        assert 1 <= times <= FORM.patience
    if ended == "complete":
        assert set(KEYS) <= known.keys()
    elif ended == "give_up":
        assert not set(KEYS) <= known.keys()
    else:
        assert ended is None
        assert len(said) <= FORM.patience * len(KEYS)  # it always comes to an end


def test_who_comes_back_knowing_everything_is_not_handed_over() -> None:
    known = dict.fromkeys(KEYS, "x")
    progress = Progress([Known(key, value) for key, value in known.items()], None, 0, completed=False)
    assert following(FORM, progress, known).step == "nothing"


words = st.text(string.ascii_letters + " ,.!?'", max_size=60)
lists = st.sampled_from(
    ["(Family Visa, Work Permit)", "(Business Setup)", "Family Visa / Work Permit / Business Setup"]
)


@given(words, lists, words)
def test_no_list_of_services_leaves(before: str, listed: str, after: str) -> None:
    manners = Manners(forbidden=SERVICE_LISTS)
    said, acted = sanitized(f"{before} {listed} {after}", manners)
    assert acted
    assert "Visa" not in said or "Visa" in before + after
    assert "(" not in said
    assert "/" not in said
    assert said == said.strip() != ""
    assert sanitized(said, manners) == (said, [])  # once is enough


@given(words)
def test_what_may_be_said_is_not_touched(text: str) -> None:
    assert sanitized(text, Manners()) == (text, [])
    assert sanitized("(Visa Services)", Manners(forbidden=SERVICE_LISTS))[0] == "How can I help you today?"
