"""What a clause says about follow-ups there are: cancel that, done, make it 4pm, what's on my list?"""

import re

from msgspec import Struct, structs

from concierge.llm.local.clauses import Clause, clauses, written_now
from concierge.llm.local.parts import Reference
from concierge.llm.local.pointing import candidates, point, stems
from concierge.llm.local.preferences import preferred
from concierge.llm.local.requests import is_filler
from concierge.llm.local.spans import find_spans
from concierge.llm.local.times_again import new_time
from concierge.llm.local.titles import title, without
from concierge.llm.patterns import regex
from concierge.llm.purposes import Act, Change, ExtractPrompt, Preferred

_POLITE = (
    r"(?:(?:hi|hey|hello|ok|okay|oh|well|no(?! more)|nope|yes|yep|yeah|sorry|wait|hmm|oops|please|pls|actually|and|but|"
    r"so|also|then|"
    r"just|thanks|thank you|great|perfect|cool|can you|could you|would you|will you|can we|could we|can i|let's|let us|"
    r"i want to|i'd like to|i would like to|i need to|you can|go ahead and|kindly)[,.!;:]* )*+"
)
_END = r"(?:[ ,]*(?:please|pls|thanks|thank you|for me|now|then|instead|any ?more|for now))*[ .!?]*$"
_NOUN = r"(?:reminders?|tasks?|follow-?ups?|to-?dos?|things|items)"
_LISTS = regex(
    rf"^{_POLITE}(?:what(?:'s|s| is| are| do i have| have i got)?(?: (?:else|still|currently|all))*(?: is| are)? "
    rf"(?:on|in|left on) "
    r"my (?:to-?do )?(?:list|agenda|plate|schedule|calendar|reminders)|"
    r"(?:show|list|send|tell|give|read|see|view|check|get)(?: me| out)?(?: (?:all|everything|what'?s))?(?: (?:of|"
    r"on))? ?(?:my|the)"
    rf"(?: (?:open|pending|current|upcoming|active|whole|full))? (?:{_NOUN}|list|agenda)|"
    rf"(?:what|which)(?: are (?:my|the))?(?: (?:open|pending|upcoming|active|other))? {_NOUN}(?: (?:do i (?:still "
    rf")?have|have i got|"
    r"are (?:open|pending|left|set|there|planned|coming up)|did i set|is there))?(?: (?:today|tomorrow|this week|"
    r"left|open|set))*|"
    r"what (?:do i (?:still )?(?:have|need)(?: to do)?(?: (?:on|coming up|planned|left|pending|scheduled|today|"
    r"tomorrow|this week))*|"
    r"have i (?:got|planned)(?: on)?|am i (?:supposed|meant) to do|have you got for me|are you reminding me (?:of|"
    r"about))|"
    rf"(?:do i have|have i got|are there|is there) any(?:thing)?(?: (?:open|pending|more|other))* ?(?:{_NOUN}|on my "
    rf"list|planned|coming up|left)|"
    r"what'?s (?:next|coming up|pending|due|open|planned|left)|my (?:list|reminders|tasks|follow-?ups|to-?dos)|list|"
    r"reminders|tasks)"
    rf"(?: (?:for |due |on )?(?:today|tomorrow|this week|next week|right now))?{_END}"
)
_CANCEL = regex(
    rf"^{_POLITE}(?:cancel|delete|remove|drop|scrap|erase|clear|ditch|get rid of|forget(?: about)?|never ?mind(?: "
    rf"about)?|nvm|"
    r"ignore|undo|call off|turn off|stop(?: (?:reminding me|sending me|nagging me|the|with))?(?: (?:of|about|to|for))?|"
    r"don'?t remind me(?: (?:of|about|to))?|no more(?: reminders)?(?: (?:about|for|of|to))?|"
    r"i (?:no longer|don'?t) (?:need|want)(?: to be reminded(?: (?:of|about|to))?)?|take)"
    rf"(?P<object>(?: .*?)?)(?: off(?: (?:my|the) list)?)?{_END}"
)
_SKIP = regex(
    rf"^{_POLITE}skip(?P<object>(?: .*?)?)(?: (?:this|next) (?:week|time|month|one)(?:'s)?| (?:today|tomorrow)| "
    rf"once)?{_END}"
)
_COMPLETE = regex(
    rf"^{_POLITE}(?:(?:it is |it's |that's |that is |they're |i'm |all )?(?:all |already |now )?(?:done|finished|"
    rf"completed?|sorted|handled|✅|✔️?|☑️?)"
    r"(?: with)?(?! for)(?P<object>(?: .*?)?)|"
    r"(?:i(?:'ve| have)? )?(?:already |just )*(?:did|done|finished|completed|handled|sorted(?: out)?|took care of|"
    r"taken care of)"
    r"(?P<did> .*?)(?: already)?|"
    r"(?:mark|set|check|tick|cross)(?P<marked> .*?)(?: as| off| off as)?(?: done| complete| completed| finished)?|"
    r"(?P<subject>.+?)(?: is|'s| are| was| has been) (?:all |now |already )?(?:done|finished|completed?|sorted|"
    r"handled|paid|sent|taken care of))"
    rf"(?: already)?{_END}"
)
_REPORTED = regex(
    rf"^{_POLITE}(?:i(?:'ve| have)? |we(?:'ve| have)? )?(?:already |just |now )*(?P<deed>(?P<verb>[a-z]+) .+?)(?: "
    rf"already| (?:just )?now| today| yesterday| this morning)*{_END}"
)
_RENAME = regex(
    rf"^{_POLITE}(?:rename(?P<object> .*?)|change the (?:title|name|wording)(?: of)?(?P<of>(?: .*?)?)) (?:to|into|"
    rf"as) [\"']?(?P<title>.+?)[\"']?{_END}"
)
_LONGEST = 300  # characters; a longer clause is no command
_WHICH = regex(r"[?؟]\n1\. .+? — ")  # a question, in whatever language, over a list of follow-ups
_TO_WHEN = regex(r"To when should I (?P<act>snooze|move) it: (?P<title>.+?)\? For example")


class Acted(Struct, frozen=True):
    """What a clause comes to where it asks for nothing new."""

    change: Change | None = None
    preferred: Preferred | None = None
    lists: bool = False


def act(one: Clause, prompt: ExtractPrompt, at: Reference) -> Acted | None:
    """None: the clause is about something else."""
    if len(one.lower) > _LONGEST:
        return None
    if _LISTS.match(one.lower):
        return Acted(lists=True)
    if wish := preferred(one, asked=_asks(prompt)):
        return Acted(preferred=wish)
    if not candidates(prompt):
        return None
    change = (
        _ended(one, prompt, at) or _renamed(one, prompt, at) or new_time(one, prompt, at) or _answered(one, prompt, at)
    )
    return Acted(change=structs.replace(change, quote=one.text)) if change else None


def _asks(prompt: ExtractPrompt) -> bool:
    """Whether the last thing they heard was a question."""
    earlier = prompt.turns[: len(prompt.turns) - prompt.unread]
    return bool(earlier) and earlier[-1].who == "concierge" and earlier[-1].text.rstrip().endswith("?")


def _ended(one: Clause, prompt: ExtractPrompt, at: Reference) -> Change | None:
    text = one.lower
    if match := _SKIP.match(text):
        return _change("skip", match["object"], prompt, at)
    if match := _CANCEL.match(text):
        return _change("cancel", match["object"], prompt, at)
    if one.question:
        return None
    if match := _COMPLETE.match(text):
        words = match["object"] or match["did"] or match["marked"] or match["subject"] or ""
        return _change("complete", words, prompt, at)
    return _reported(text, prompt)


def _change(act: Act, words: str, prompt: ExtractPrompt, at: Reference) -> Change | None:
    refs = point(words.strip(), prompt, at, reminded=act == "complete")
    if refs is None and re.search(rf"\b{_NOUN}\b", words):
        refs = []  # a follow-up, but none there is
    return None if refs is None else Change(act, refs)


def _reported(text: str, prompt: ExtractPrompt) -> Change | None:
    """`I called Bob`: what they say they did is, word for word, what a title asks for."""
    match = _REPORTED.match(text)
    if match is None or not re.fullmatch(r"\w+ed|" + "|".join(_PAST), match["verb"]):
        return None
    deed = stems(match["deed"])
    found = [each.ref for each in candidates(prompt) if deed == stems(each.title)]
    return Change("complete", found) if len(found) == 1 else None


_PAST = ("paid", "sent", "bought", "wrote", "met", "spoke", "did", "made", "got", "took", "told", "saw", "gave", "rang")


def _renamed(one: Clause, prompt: ExtractPrompt, at: Reference) -> Change | None:
    match = _RENAME.match(one.lower)
    refs = point((match["object"] or match["of"] or "").strip(), prompt, at) if match else None
    if match is None or refs is None:
        return None
    return Change("rename", refs, title=title(one.text[slice(*match.span("title"))]))


def _answered(one: Clause, prompt: ExtractPrompt, at: Reference) -> Change | None:
    """Which one they meant, or until when: what we asked last."""
    earlier = prompt.turns[: len(prompt.turns) - prompt.unread]
    if not earlier or earlier[-1].who != "concierge":
        return None
    asked = earlier[-1].text
    if _WHICH.search(asked):
        meant = next((turn.text for turn in reversed(earlier) if turn.who == "contact"), "")
        refs = point(one.lower, prompt, at)
        return _again(meant, refs, prompt, at) if refs else None
    match = _TO_WHEN.search(asked)
    spans = find_spans(one.lower, at)
    if match is None or not spans or not is_filler(without(one.lower, spans)):
        return None
    words = f"{match['act']} {match['title'].lower()} to {one.text}"
    return new_time(structs.replace(one, text=words, lower=words.lower()), prompt, at)


def _again(meant: str, refs: list[str], prompt: ExtractPrompt, at: Reference) -> Change | None:
    """The change that left open which one, now that it is known."""
    for one in clauses(written_now(meant)):
        change = _ended(one, prompt, at) or _renamed(one, prompt, at) or new_time(one, prompt, at, refs=refs)
        if change:
            return structs.replace(change, refs=refs)
    return None
