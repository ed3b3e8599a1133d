"""From the unread turns of a conversation to the follow-ups they ask for."""

import re
from collections.abc import Iterator

from msgspec import Struct, structs

from concierge.llm.local.acts import Acted, act
from concierge.llm.local.clauses import Clause, clause, clauses, written_now
from concierge.llm.local.deciding import decided, is_bare
from concierge.llm.local.findings import Findings, acts_of, asked_something
from concierge.llm.local.foreign import read_foreign, read_foreign_time
from concierge.llm.local.parts import Clock, Reference
from concierge.llm.local.phrases import FOREIGN
from concierge.llm.local.requests import agrees, does, head, is_filler, is_task
from concierge.llm.local.short_answers import in_english
from concierge.llm.local.spans import Span, find_spans
from concierge.llm.local.titles import BARE, title, wants_draft, without
from concierge.llm.local.when import read_when, reference
from concierge.llm.patterns import regex
from concierge.llm.purposes import ExtractPrompt, FoundTask, OpenQuestion, Reading, When

_LONGEST_PARTED = 400
"""Characters; more without a full stop is not a list of requests."""
_PARTING = regex(
    r"(?P<sure>(?:,? (?:and|then|also|plus)|,|;)(?: (?:also|then|please|and))* "
    r"(?=(?:please )?(?:remind me|don't forget|"
    r"set a reminder|make sure|i (?:need|have) to|follow up)\b))|"
    r",? (?:and|then|plus)(?: (?:also|then|please))* (?=[a-z]+ )"
)
_ASKS_WHEN = regex(r"(?:when|what|which|how (?:many|much|long|far))\b")
_SUBJECT_LEAD = regex(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)


class _Read(Struct, frozen=True):
    """What one clause came to: a task, or nothing but a time."""

    task: FoundTask | None
    time: When | None
    agreed: bool = False  # it takes up a proposal: "tomorrow works"
    acted: Acted | None = None


def read(prompt: ExtractPrompt) -> Reading:
    """Every follow-up the unread turns ask for, in their order, and what they say of those there are."""
    at = reference(prompt.now, prompt.zone)
    found = Findings(prompt)
    times: list[tuple[When, str]] = []  # waiting for the question they answer
    for turn in prompt.turns[len(prompt.turns) - prompt.unread :] if prompt.unread else ():
        if turn.who != "contact":
            continue
        for one in _read_turn(turn.text, found, at):
            if one.acted:
                found.act(one.acted)
            elif one.task:
                found.tasks.append(one.task)
            elif one.time and found.tasks and found.tasks[-1].when is None:
                found.tasks[-1] = structs.replace(found.tasks[-1], when=one.time)
            elif one.time and (prompt.questions or not (one.agreed or asked_something(prompt))):
                times.append((one.time, one.time.quote))
    if times:
        found.tasks.insert(0, _answer(times, prompt, at))
    tasks = [_finished(task, prompt) for task in found.tasks]
    return Reading(tasks, found.changes, found.preferred, found.lists, found.drafts)


def read_time(text: str, at: Reference) -> When | None:
    """The one time a text names, whatever else it says; None if it names none or one that is gone."""
    one = clause(text)
    spans = find_spans(one.lower, at)
    spoken = [span for span in spans if not span.describing and not span.gone]
    return read_when(one.lower, one.text, spoken, at, [span for span in spans if span not in spoken])


def _read_turn(text: str, found: Findings, at: Reference) -> Iterator[_Read]:
    prompt = found.prompt
    short = in_english(text)
    word = decided(text, prompt, at)
    if word:
        found.drafts.append(word.answer)
    if (word and not word.rest) or is_bare(short or text):
        return
    body = written_now(word.rest if word else short or text)
    if prompt.questions and (foreign := read_foreign_time(body.strip(), at)):
        yield _quoting(_Read(None, foreign), text)
        return
    written = clauses(body) if body else clauses(prompt.subject or "")
    for one in written:
        if acts := acts_of(one, found, at):
            yield from (_Read(None, None, acted=each) for each in acts)
            continue
        for part in _parted(one, at):
            acted = act(part, found.seen(), at)
            yield _Read(None, None, acted=acted) if acted else _quoting(_read_clause(part, at), text)


def _quoting(one: _Read, text: str) -> _Read:
    """The same with its quote as the writer spaced and punctuated it."""
    when = one.task.when if one.task else one.time
    if when is None or when.quote in text:
        return one
    loose = r"\s+".join(
        re.escape(word).replace("'", "['\u2018\u2019]").replace(r"\-", "[-\u2013\u2014]") for word in when.quote.split()
    )
    found = re.search(loose, text)
    exact = structs.replace(when, quote=found[0]) if found else when
    return _Read(structs.replace(one.task, when=exact), None) if one.task else structs.replace(one, time=exact)


def _parted(one: Clause, at: Reference) -> list[Clause]:
    """A clause apart where each side is a request of its own."""
    for cut in _PARTING.finditer(one.lower) if len(one.lower) < _LONGEST_PARTED else ():
        ahead = one.lower[cut.end() :]
        lead = head(ahead)
        if lead.strength == "plain" and not does(ahead[lead.begin :]) and "remind" not in ahead:
            continue
        left = clause(one.text[: cut.start()])
        right = clause(one.text[cut.end() :], question=one.question)
        if _stands_alone(right, at) and (
            _stands_alone(left, at) or (cut["sure"] and not _spoken(left, find_spans(left.lower, at)))
        ):
            return [structs.replace(left, question=one.question), *_parted(right, at)]
    return [one]


def _stands_alone(one: Clause, at: Reference) -> bool:
    spans = _spoken(one, find_spans(one.lower, at))
    rest = without(one.lower, spans)
    lead = head(rest)
    sure = lead.strength == "ask" or (bool(spans) and does(rest[lead.begin :]))
    named = bool(rest[lead.begin : lead.end].strip())
    return named and sure and is_task(rest, lead, timed=bool(spans), question=False)


def _spoken(one: Clause, every: list[Span]) -> list[Span]:
    """The spans that say when. Right after "remind me", the first alone does: the rest is about the thing itself."""
    spans = [span for span in every if not span.describing and not span.gone]
    if len(spans) > 1 and re.search(
        r"\b(?:remind (?:me|us)|reminder|nudge me|ping me)(?: again)? ?$", one.lower[: spans[0].lead]
    ):
        between = one.lower[spans[0].end : spans[1].start]
        if re.match(r",? (?:to|about|that|of|for|when)\b", between):
            return spans[:1]
    return spans


def _read_clause(one: Clause, at: Reference) -> _Read:
    if foreign := FOREIGN.match(one.lower):
        return _Read(read_foreign(foreign[0], one.text[foreign.end() :], at), None)
    every = find_spans(one.lower, at)
    spans = _spoken(one, every)
    when = read_when(one.lower, one.text, spans, at, [span for span in every if span not in spans])
    rest, words = without(one.lower, spans), without(one.text, spans)
    if not spans and any(span.gone and not span.describing for span in every):
        return _past(one, rest, words, clocked=any(isinstance(part, Clock) for span in every for part in span.parts))
    if when and is_filler(rest) and not (one.question and _ASKS_WHEN.match(rest)):
        return _Read(None, when, agrees(rest))
    lead = head(rest)
    if not is_task(rest, lead, timed=when is not None, question=one.question):
        return _Read(None, None)
    name = title((words if len(words) == len(rest) else rest)[lead.begin : lead.end])
    return _Read(FoundTask(name, wants_draft(name) or wants_draft(words), when, None, quote=one.text), None)


def _past(one: Clause, rest: str, words: str, *, clocked: bool) -> _Read:
    """A time that is gone asks for nothing, unless it only describes what there is to follow up on.

    `clocked`: a time of day stands beside it, which may be that of what is asked for (`the bill from May 3rd at 5pm`).
    """
    lead = head(rest)
    described = re.search(
        r"\b(?:from|of|on|about|sent|since)\b[^,]*\b(?:yesterday|last|ago)\b|\byesterday's|\blast \w+'s", rest
    )
    if (lead.strength == "ask" and described) or (clocked and (lead.strength == "ask" or does(rest[lead.begin :]))):
        return _Read(
            FoundTask(title(words[lead.begin : lead.end]), wants_draft(words), None, None, quote=one.text), None
        )
    return _Read(None, None)


def _answer(times: list[tuple[When, str]], prompt: ExtractPrompt, at: Reference) -> FoundTask:
    """Messages that are only a time answer the latest question; "Tuesday", then "3pm", are one answer."""
    when = times[-1][0]
    if len(times) > 1:
        joined = read_time(", ".join(quote for _, quote in times), at)
        if joined and joined.wall:
            when = structs.replace(joined, quote=when.quote)
    question = prompt.questions[-1] if prompt.questions else None
    return FoundTask(
        title=question.title if question else "", draft=False, when=when, answers=question.ref if question else None
    )


def _finished(task: FoundTask, prompt: ExtractPrompt) -> FoundTask:
    subject = title(_SUBJECT_LEAD.sub("", " ".join((prompt.subject or "").split())))
    name = task.title or subject or BARE
    if (
        name.casefold() == BARE.casefold()
        and subject
        and subject.casefold() not in {BARE.casefold(), "follow-up", "reminder"}
    ):
        name = f"{BARE}: {subject}"
    answers = task.answers or _same_title(name, prompt.questions)
    return structs.replace(task, title=name, draft=task.draft or prompt.default_draft, answers=answers)


def _same_title(name: str, questions: tuple[OpenQuestion, ...]) -> str | None:
    return next((each.ref for each in reversed(questions) if each.title.casefold() == name.casefold()), None)
