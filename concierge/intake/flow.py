"""What comes next in a form. Pure."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from concierge.intake.model import Intake, Progress, Question


class Next(Struct, frozen=True):
    """A step: a question (with the words that fit what is missing of it), the end, or nothing."""

    step: Literal["ask", "complete", "give_up", "nothing"]
    question: Question | None = None
    text: str | None = None
    times: int = 0


def following(form: Intake, progress: Progress, known: Mapping[str, str]) -> Next:
    """The first question that is not answered. `known`: everything that is, the turn's own answers included.

    The end is reached by answering: a form in which nothing was missing before this turn leads nowhere, or whoever
    comes back would be handed over again at once.
    """
    before = {each.key for each in progress.known}
    for question in form.questions:
        missing = [each for each in question.fields if each.key not in known]
        if not missing:
            continue
        answered = any(each.key in known and each.key not in before for each in question.fields)
        times = 1 if question.key != progress.asked or answered else progress.times + 1
        if times > form.patience:
            return Next("give_up", question)
        whole = len(missing) == len(question.fields)
        text = question.ask if whole else " ".join(each.ask or question.ask for each in missing)
        return Next("ask", question, text, times)
    was_missing = any(each.key not in before for each in form.fields)
    return Next("complete" if was_missing else "nothing")
