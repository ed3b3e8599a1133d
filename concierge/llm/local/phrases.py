"""The turns of phrase around a request, as expressions for text in lower case. `requests` says what they amount to."""

from collections.abc import Iterable

from concierge.llm.local.words import VERB
from concierge.llm.patterns import regex


def _any(phrases: Iterable[str]) -> str:
    return "(?:" + "|".join(phrases) + ")"


_NUDGE = "(?:reminder|alarm|alert|task|to-?do|follow-?up|nudge|heads[ -]up)"

POLITE = _any(
    [
        r"(?:hi|hello|hey|dear)(?: (?:concierge|there|team|all|everyone|[a-z]+(?=,)))?",
        r"(?:thanks|thank you|cheers)(?! (?:for|to|so|very|a lot|again))",
        "please|pls|plz|kindly|ok|okay|oh|well|great|perfect|cool|sure|yes|yep|actually|concierge|\u00a4+",
        "so|also|and|then|but|just|next|first|finally|lastly|plus|btw|by the way|fyi|quick one",
        "if (?:you can|possible)|when you get a chance",
        "(?:can|could|would|will) (?:you|u)(?: please| kindly| also)?(?: be able to)?|(?:would|do) you mind",
        "(?:can|could|may) i (?:get|have)(?= a(?:n alert|nother reminder| reminder))",
        "i(?:'d| would) (?:really )?(?:like|love|appreciate(?: it if)?)(?: for)?(?: you)?(?: could)?(?: to)?",
        "(?:it would be (?:great|good|nice)|i(?:'d| would) be grateful) if you could",
    ]
)
"""Says nothing about what is wanted."""

ASK = _any(
    [
        "remind (?:me|us)(?: again)?(?: (?:to|about|that|of|when|for))?",
        "(?:do not|don'?t) (?:let (?:me|us) )?forget(?: (?:to|about|that))?|i (?:must|mustn't|can't) (?:not "
        ")?forget(?: to| about)?",
        f"(?:set|create|add|make|schedule|put|give me|send me|(?:i )?need|i want|get me) (?:up )?(?:an?|another|the) "
        f"(?:\\w+ )?{_NUDGE}"
        "(?: (?:for me|in))?(?: (?:to|for|about|that|on))?(?: me)?(?: (?:to|about))?",
        "(?:a )?reminder(?: for me)?(?: to| about| that|:)?",
        "(?:nudge|ping|alert|notify|prod|poke) (?:me|us)(?: (?:to|about|that|when))?",
        r"note to self(?: to)?|(?:to-?do|task|remember|action(?: item)?)\s*:|remember(?: to| that)?",
        "make sure (?:to|that i|that we|i|we|you|that)|be sure to",
        "keep me (?:honest|posted) (?:about|on)|put (?:it |this )?(?:in|on) my (?:calendar|list)(?: to)?",
    ]
)
"""Makes anything a task, with or without a time."""

WISH = _any(
    [
        "i(?: really)? (?:need|want|have|ought|plan|intend|wish|am supposed|am going) to|i'm (?:supposed|going|"
        "planning|meant) to",
        "i (?:must|should|gotta|shall)|i've (?:got|gotta)(?: to)?|need to|have to|must|gotta|got to",
        "we (?:need|have|want|ought) to|we (?:must|should|gotta)|we've got to|let'?s|let us",
        "i(?: have|'ve got| got) (?:a|an|my)|we(?: have|'ve got) (?:a|an|our)",
        "i want you to|i need you to|you (?:should|need to|must)|don'?t miss",
    ]
)
"""Makes a task of what has a time, or of a verb that only makes sense as one."""

FOREIGN = regex(
    r"^(?:por favor,? )?(?:recu[e\u00e9]rd[ae]me|recordarme|rappelle[- ]moi|rappelez[- ]moi|erinnere mich|"
    r"lembr[ae][- ]me|"
    r"me lembr[ae]|ricordami|herinner me|p\u00e5minn mig|przypomnij mi)(?: (?:a|de|que|daran|di|aan|om|att|o|bitte|"
    r"para|d'))?\b"
)
"""`Remind me` in other languages: understood enough to ask when."""

TASK_VERB = regex(
    r"(?:follow[ -]?up|check (?:in|on|with|back)|call|phone|ring|e-?mail|text|message|contact|reply|respond|"
    r"get back to|"
    r"touch base|reach out|circle back|chase|pay|buy|book|order|renew|invoice|draft|write|compose|prepare|submit|"
    r"send|file|"
    r"sign|return|pick up|schedule|arrange|collect|review|water|clean)\b(?= \S)|follow[ -]?up$"
)
"""Verbs that make a task even of a clause without a time."""

IMPERATIVE = regex(rf"{VERB}\b")

COMMAND = regex(
    r"^(?:(?:please|ok|okay|no|yes|actually|and|just|hey|hi|oh|sorry|wait),? )*(?:never ?mind|forget (?:it|that|"
    r"about it|this)\b|"
    r"cancel(?:led)?(?: (?:that|it|this|the (?:reminder|task|follow[ -]?up)|my reminder|all)\b|$)|stop\b(?! by| at)|"
    r"(?:scrap|ignore|undo|delete|remove|skip) (?:that|it|this|the reminder|the task|my)|unsubscribe$|done\b|snooze|"
    r"(?:mark|set) (?:it|that|this) (?:as )?(?:done|complete)|(?:change|move|reschedule|push|make) (?:that|"
    r"it)\b(?! sure))"
)
"""Is about a follow-up that exists, not a new one."""

NEGATED = regex(
    r"^(?:(?:please|ok|so|and|but|also|actually|hey|hi|no),? )*(?:do not|don'?t|dont|never|not|no longer|without|"
    r"isn'?t|nothing|"
    r"no need|there'?s no need|it'?s not|you (?:don'?t|do not|needn'?t)|i (?:don'?t|do not|won'?t|can'?t|cannot|"
    r"didn'?t)|"
    r"we (?:don'?t|do not|won'?t|can'?t)|no (?:reminder|rush|meeting|call|task|follow[ -]?up)s?)\b(?! (?:let (?:me|"
    r"us) )?forget| miss)"
)

SMALL_TALK = regex(
    r"^(?:(?:ok|okay|great|perfect|cool|awesome|lovely|fine|alright|right|yes|and|bye),?!? )*"
    r"(?:thanks|thank you|thx|ta\b|cheers|hi\b|hello|hey\b|good (?:morning|night|evening|afternoon|day)|bye|welcome|"
    r"(?:see|c) (?:you|ya|u)|(?:talk|speak) (?:to you|soon|later|tomorrow|then)|catch (?:you|up later)|until (?:then|"
    r"tomorrow)|"
    r"have an? (?:great|good|nice|lovely|wonderful|safe|amazing|fun|happy|fantastic|\u00a4)|happy \w+|merry|enjoy|"
    r"take care|"
    r"congrat|well done|good (?:luck|job)|best of luck|fingers crossed|looking forward|can'?t wait|hope|let me know|"
    r"no (?:worries|problem)|sounds|will do|got it|noted|you too|same here|lol|haha|wow|nice|sorry|what a|"
    r"how (?:nice|lovely)|"
    r"long time|my (?:best|pleasure)|(?:sure|yes|no|ok|okay|great)$|\u00a4+$)"
)

STATEMENT = regex(
    r"^(?:(?:and|but|so|because|since|as|if|when|while|although|well|actually|yes|no|then|also|maybe|perhaps),? )*"
    r"(?:i|we|he|she|they|it|you|this|that|there|these|those|who|which|everyone|somebody|someone|nobody|"
    r"(?:i|we|he|she|it|they|you|that|there)'\w+|here'?s?)(?![\w'])"
)
"""Begins with its subject."""

FINITE = regex(
    r"(?<!that )\b(?:is|are|was|were|am|isn't|aren't|wasn't|weren't|will|won't|would|has|had|hasn't|did|didn't|does|"
    r"doesn't|"
    r"should|can|could|might|may be|went|came|got|said|told|met|sent|called|worked|looks|seems|arrived|happened|"
    r"arrives|leaves|"
    r"starts|ends|begins|opens|closes)\b"
)
"""A verb that makes a statement of a clause without a subject we know (`the meeting was …`)."""

DUE = regex(
    r"\b(?:is|are|'s) (?:due|needed|required|expiring)\b|\b(?:expires?|needs? to be|must be|has to be|have to be)\b"
)
"""A statement that is a task all the same."""

QUESTION = regex(
    r"^(?:(?:and|so|but|hey|hi|hello|ok),? )*(?:what|when|where|who|whom|whose|why|how|which|is|are|am|was|were|"
    r"do (?:i|you|we|they)|does|did|has|have you|had|will (?:it|he|she|they|the|we|i|there)|may i|can (?:i|we|he|she|"
    r"they|it)|"
    r"could (?:i|we)|shall|should (?:i|we)|would (?:it|that|he|she|they))(?:'s|'re)?\b"
)

OFFERED = regex(r"\b(?:can|could|would|will) (?:you|u)\b|mind|please")
"""A question that is a request."""

AGREED = regex(r"\b(?:works?|sounds|fine|good|great|perfect|best|better|it is)\b")

FILLER = regex(
    r"(?:[\s,.!?:;'\"()-]|\b(?:please|pls|thanks|thank you|thx|cheers|ok|okay|yes|yep|yeah|sure|well|hmm|um|oh|hi|"
    r"hey|hello|sorry|"
    r"so|then|let'?s|say|do|make|how|what|maybe|perhaps|i'?d|would|could|should|think|guess|prefer|like|try|pick|"
    r"be|it|is|works?|fine|good|great|best|perfect|better|ideal|sounds|possible|probably|actually|instead|just|"
    r"i|you|we|me|us|my|for|at|on|in|the|by|to|of|with|around|about|if|a|bit|no|that|"
    r"can|will|remind|schedule|set|go|due|latest|later|than|date|time|when|next)\b)*"
)
"""Courtesy around an answer that is only a time (`let's say … please`)."""
