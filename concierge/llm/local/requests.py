"""What a clause is: a request, a statement, a question, small talk, or nothing but a time.

The head of a request ("can you please remind me to") says how sure it is: an *ask* is a task even without a time;
a *wish* or an imperative needs a time or a verb that only makes sense as a task.
"""

import re
from typing import Literal

from concierge.llm.local.words import either

Strength = Literal["ask", "wish", "plain"]
_PLAIN: Strength = "plain"

_POLITE = (
    r"(?:please|pls|plz|kindly|hey|hi|hello|dear|ok|okay|so|also|and|then|just|oh|btw|by the way|well|great|perfect|"
    r"sure|yes|yep|"
    r"actually|but|next|first|finally|lastly|plus|quick one|fyi|cool|thanks|thank you|cheers|(?:hi|hello|hey|"
    r"dear) (?:concierge|there|team|all)|concierge|\u00a4+|"
    r"if (?:you can|possible)|when you get a chance|could you please|would you please|it would be (?:great|good|"
    r"nice) if you could|"
    r"(?:can|could|would|will) (?:you|u)(?: please| kindly| also)?(?: be able to)?|(?:would|do) you mind|i(?:'d|"
    r" would) (?:really )?"
    r"(?:like|love|appreciate it if)(?: for)?(?: you)?(?: could)?(?: to)?|(?:can|could|may) i (?:get|"
    r"have)(?= a(?:n alert|nother reminder| reminder))|i(?:'d| would) be grateful if you could)"
)
_ASK = (
    r"(?:remind (?:me|us)(?: again)?(?: (?:to|about|that|of|when|for))?|don'?t (?:let me |let us )?forget(?: (?:to|"
    r"about|that))?|"
    r"do not (?:let me )?forget(?: (?:to|about|that))?|(?:set|create|add|make|schedule|put|give me|send me|need|"
    r"i need|i want|get me) (?:up )?(?:a|an|another|the) "
    r"(?:\w+ )?(?:reminder|alarm|alert|task|to-?do|follow-?up|nudge|heads[ -]up)(?: (?:for me|in))?(?: (?:to|for|"
    r"about|that|on))?(?: me)?(?: (?:to|about))?|"
    r"(?:a )?reminder(?: for me)?(?: to| about| that|:)?|(?:nudge|ping|alert|notify|prod|poke) (?:me|us)(?: (?:to|"
    r"about|that|when))?|"
    r"note to self(?: to)?|(?:to-?do|task|remember|action(?: item)?)\s*:|remember(?: to| that)?|make sure (?:to|"
    r"that i|that we|i|we|you|that)|"
    r"be sure to|i (?:must|mustn't|can't) (?:not )?forget(?: to| about)?|keep me (?:honest|posted) (?:about|on)|"
    r"put (?:it |this )?(?:in|on) my (?:calendar|list)(?: to)?)"
)
_WISH = (
    r"(?:i(?: really)? (?:need|want|have|ought|plan|intend|wish|am supposed|am going) to|i'm (?:supposed|going|"
    r"planning|meant) to|i (?:must|should|gotta|shall)|"
    r"i've (?:got|gotta)(?: to)?|we (?:need|have|want|ought) to|we (?:must|should|gotta)|we've got to|need to|"
    r"have to|must|gotta|got to|"
    r"let'?s|let us|i(?: have|'ve got| got) (?:a|an|my)|we(?: have|'ve got) (?:a|an|our)|i want you to|i need you to|"
    r"you (?:should|need to|must)|"
    r"don'?t miss)"
)
_PUNCTUATION = r"[\s,.:;!\"'()*-]*"
_HEAD = re.compile(rf"{_PUNCTUATION}(?:(?P<polite>{_POLITE})|(?P<ask>{_ASK})|(?P<wish>{_WISH}))(?![\w'])")
_LATE_ASK = re.compile(rf"(?:[,;] |\b(?:then|please|could you|can you) )(?:please )?{_ASK}(?![\w'])")
_FOREIGN = re.compile(
    r"^(?:por favor,? )?(?:recu[e\u00e9]rd[ae]me|recordarme|rappelle[- ]moi|rappelez[- ]moi|erinnere mich|"
    r"lembr[ae][- ]me|me lembr[ae]|ricordami|"
    r"herinner me|p\u00e5minn mig|przypomnij mi)(?: (?:a|de|que|daran|di|aan|om|att|o|bitte|para|d'))?\b"
)
_VERBS = (
    "accept activate add address adjust agree analyse announce answer apologise apply appoint approach approve "
    "arrange ask assemble assess "
    "assign attach attend audit back backup bake balance bathe begin bill block board book boil borrow bring brush "
    "build buy calculate call "
    "change charge chase check choose clean clear close collect come compare compile complete compose confirm "
    "connect contact contribute cook "
    "copy correct count cover create cut decide decorate defrost delete deliver deploy deposit design discuss "
    "dispatch do donate download draft "
    "draw drive drop dry dust e-mail eat edit email empty end enrol enter escalate evaluate examine exchange "
    "exercise expect explain export "
    "extend feed fetch fertilise file fill finalise finalize find finish fix fly fold follow followup forward freeze "
    "fund get give go grab greet hand hang "
    "harvest have help hire host hunt idle implement import inform inspect install interview introduce investigate "
    "invite invoice iron issue join "
    "keep launch lay lead learn leave lend let list listen load lock log look mail make mark measure meditate meet "
    "mention message migrate mop move "
    "mow negotiate notify nudge oil open order organise organize outline pack paint park pay phone pick ping pitch "
    "plan plant play polish post "
    "postpone practice practise prepare present press print process procure proofread propose publish pull purchase "
    "push put raise reach read "
    "rebook record recycle redeem refill refund register reimburse release relocate remind remove renew rent reorder "
    "repair repeat replace reply report "
    "request rescan reschedule research reserve reset resign resolve respond restart restock return review revise "
    "ring rinse roast rotate run save say scan "
    "schedule search sell send serve service settle set share shave shift ship shop shower show sign sit skype sleep "
    "snap sort speak spray start stop "
    "store study submit subscribe sweep swap switch take talk teach tell test text thank throw tidy top touch track "
    "trade train transfer travel treat trim "
    "try tune turn type unblock unlock unplug unsubscribe update upgrade upload use vacuum validate verify visit "
    "vote wait wake walk wash watch water "
    "weed weigh whatsapp wipe wire wish withdraw work wrap write zoom"
)
_VERB = re.compile(rf"(?:{either(_VERBS.split())})\b")
_TASK_VERB = re.compile(
    r"(?:follow[ -]?up|check (?:in|on|with|back)|call|phone|ring|email|e-mail|text|message|pay|buy|book|order|renew|"
    r"chase|draft|write|compose|prepare|submit|"
    r"file|return|pick up|send|sign|schedule|arrange|reply|respond|invoice|contact|circle back|touch base|reach out|"
    r"get back to|water|clean|collect|review)\b(?= \S)|follow[ -]?up$"
)
_COMMAND = re.compile(
    r"^(?:(?:please|ok|okay|no|yes|actually|and|just|hey|hi|oh|sorry|wait),? )*(?:never ?mind|forget (?:it|that|"
    r"about it|this)\b|cancel(?:led)?(?: (?:that|it|this|the (?:reminder|task|follow[ -]?up)|my reminder|all)\b|$)|"
    r"stop\b(?! by| at)|(?:scrap|ignore|undo|delete|remove|skip) (?:that|it|this|the reminder|the task|my)|"
    r"unsubscribe$|done\b|snooze|(?:mark|set) (?:it|that|this) (?:as )?(?:done|complete)|"
    r"(?:change|move|reschedule|push|make) (?:that|it)\b(?! sure))"
)
_NEGATED = re.compile(
    r"^(?:(?:please|ok|so|and|but|also|actually|hey|hi|no),? )*(?:do not|don'?t|dont|never|no need|not|no longer|"
    r"you (?:don'?t|do not|needn'?t)|i (?:don'?t|do not|won'?t|can'?t|cannot|didn'?t)|"
    r"there'?s no need|we (?:don'?t|do not|won'?t|can'?t)|it'?s not|without|isn'?t|no (?:reminder|rush|meeting|call|"
    r"task|follow[ -]?up)s?|nothing)\b(?! (?:let (?:me|us) )?forget| miss)"
)
_SMALL_TALK = re.compile(
    r"^(?:(?:ok|okay|great|thanks|perfect|cool|awesome|lovely|fine|alright|right|yes|and|hi|hey|thank you|cheers|"
    r"bye),?!? )*(?:thanks|thank you|thx|ta\b|cheers|hi\b|hello|hey\b|good (?:morning|night|evening|afternoon|day)|"
    r"see (?:you|ya|u)|c u|talk (?:to you|soon|later|tomorrow|then)|"
    r"speak (?:to you|soon|later|tomorrow|then)|catch (?:you|up later)|have (?:a|an) (?:great|good|nice|lovely|"
    r"wonderful|safe|amazing|fun|happy|fantastic|\u00a4)|happy \w+|merry|congrat|looking forward|can'?t wait|hope|"
    r"let me know|no (?:worries|problem)|sounds|will do|got it|noted|you too|same here|until (?:then|tomorrow)|bye|"
    r"welcome|lol|haha|wow|nice|sorry|sure$|yes$|no$|ok$|okay$|great$|what a|how (?:nice|lovely)|long time|"
    r"enjoy|take care|well done|good (?:luck|job)|best of luck|fingers crossed|my (?:best|pleasure)|\u00a4+$)"
)
_STATEMENT = re.compile(
    r"^(?:(?:and|but|so|because|since|as|if|when|while|although|well|actually|yes|no|then|also|maybe|"
    r"perhaps),? )*(?:i|we|he|she|they|it|you|this|that|there|these|those|who|which|everyone|somebody|someone|nobody|"
    r"i'\w+|we'\w+|he's|she's|it'\w+|they'\w+|you'\w+|"
    r"that'\w+|there'\w+|here'?s?)(?![\w'])"
)
_FINITE = re.compile(
    r"(?<!that )\b(?:is|are|was|were|am|isn't|aren't|wasn't|weren't|will|won't|would|has|had|hasn't|did|didn't|does|"
    r"doesn't|should|went|came|got|said|told|"
    r"arrived|happened|arrives|leaves|starts|ends|begins|opens|closes|was|worked|looks|seems|met|sent|called|can|"
    r"could|might|may be)\b"
)
_DUE = re.compile(
    r"\b(?:is|are|'s) (?:due|needed|required|expiring)\b|\b(?:expires?|needs? to be|must be|has to be|have to be|"
    r"should be)\b"
)
_QUESTION = re.compile(
    r"^(?:(?:and|so|but|hey|hi|hello|ok),? )*(?:what|when|where|who|whom|whose|why|how|which|is|are|am|was|were|"
    r"do (?:i|you|we|they)|does|did|has|have you|had|will (?:it|he|she|they|the|we|i|there)|"
    r"may i|can (?:i|we|he|she|they|it)|could (?:i|we)|shall|should (?:i|we)|would (?:it|that|he|she|they))(?:'s|"
    r"'re)?\b"
)
_FILLER = re.compile(
    r"(?:[\s,.!?:;'\"()-]|\b(?:please|pls|thanks|thank you|thx|cheers|ok|okay|yes|yep|yeah|sure|well|hmm|um|so|then|"
    r"let'?s|say|do|make|how about|what about|maybe|perhaps|i'?d|would|"
    r"think|i|prefer|say|like|should|could|be|it|is|works?|for|me|us|fine|good|great|best|perfect|better|ideal|"
    r"sounds|at|on|in|the|by|around|about|can|we|you|will|remind|of|"
    r"instead|actually|probably|my|time|go|with|schedule|set|that|due|to|just|a|bit|works|guess|latest|no|later|than|"
    r"possible|if|date|when|hi|hey|hello|morning!|sorry|oh|try|pick|next)\b)*"
)


def is_filler(rest: str) -> bool:
    """Whether nothing is left but courtesy, once the time is taken out (`let's say … please`)."""
    return _FILLER.fullmatch(rest) is not None


def does(thing: str) -> bool:
    """Whether it begins with a verb in the imperative."""
    return _VERB.match(thing.lstrip(" ,.:;!")) is not None


def agrees(rest: str) -> bool:
    """Whether the courtesy around a time takes up somebody's proposal (`tomorrow works`)."""
    return re.search(r"\b(?:works?|sounds|fine|good|great|perfect|best|better|it is)\b", rest) is not None


def head(rest: str) -> tuple[int, Strength]:
    """Where the thing to do begins in a clause without its times, and how surely it was asked for."""
    at, strength = 0, _PLAIN
    late = _LATE_ASK.search(rest)
    if late and not is_filler(rest[late.end() :]):
        return late.end(), "ask"
    foreign = _FOREIGN.match(rest)
    if foreign:
        return foreign.end(), "ask"
    while match := _HEAD.match(rest, at):
        at = match.end()
        strength = "ask" if match["ask"] or strength == "ask" else "wish" if match["wish"] else strength
    return at, strength


def is_task(rest: str, at: int, strength: Strength, *, timed: bool, question: bool) -> bool:
    """Whether a clause asks for something to be done. `rest[at:]` is what would be done; `timed`: it names a time."""
    thing, begins = rest[at:].strip(" ,.:;!\"'()-"), rest.lstrip(" ,.:;-")
    if _COMMAND.match(rest) or _NEGATED.match(begins):
        return False
    if strength == "ask":
        return True
    offered = re.search(r"\b(?:can|could|would|will) (?:you|u)\b|mind|please", rest[:at]) is not None
    if not thing or _is_talk(begins) or _is_talk(thing) or (_QUESTION.match(begins) and not offered):
        return False
    if does(thing):
        asked = strength == "wish" or at == 0 or not question or offered
        return asked and (timed or _TASK_VERB.match(thing) is not None)
    states = _STATEMENT.match(thing) or (_FINITE.search(thing) and not _DUE.search(thing))
    return timed and not question and not states


def _is_talk(words: str) -> bool:
    return any(pattern.match(words) for pattern in (_SMALL_TALK, _NEGATED, _COMMAND))
