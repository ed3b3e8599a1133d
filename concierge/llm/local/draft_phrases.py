"""How people answer when they are asked about a draft: yes, no, other words, another manner, or nothing clear."""

import re

from concierge.llm.local.preferences import LANGUAGES, TONES
from concierge.llm.local.words import either
from concierge.llm.patterns import regex

_COURTESY = r"(?:please|pls|thanks|thank you|thx|cheers|then|now|for me|so|and|just|well|oh|hi|hey|can you|could you)"
_LEAD = rf"(?:{_COURTESY}[,.! ]+)*"
# a run of dots is taken whole (`++`): shared between several it could be in n³ ways
_SURE = rf"(?:[,.! ]++{_COURTESY})*[ .!]*"
_END = rf"(?:[,.! ]++{_COURTESY})*[ .!?]*"
_TEXT = r"(?:draft|text|message|wording|version|e-?mail|letter|note|reply|answer|one)"
_IT = r"(?:it|that|this)"
_OBJECT = rf"(?:{_IT}|(?:(?:the|this|that|my|your) )?(?:[\w'#]+ ){{0,5}}?{_TEXT}(?: (?:for|to|about) [\w' ]+)?)"
_TONE = either(TONES)
_LANGUAGE = either(LANGUAGES)

# each in one way only: what is said over and over could be read in 2^n
_YES = (
    r"(?:yes|y|yep|yeah|yup|ok|okay|k|sure|correct|agreed|approved?|lgtm|go|go ahead|go for it|"
    r"do it|please do|absolutely|definitely|of course|👍|✅|no changes|"
    r"(?:(?:it|that|this|all|everything|the \w+) )?(?:looks|is|sounds|works|reads) (?:(?:very|all|really) )?"
    r"(?:good|great|fine|perfect|right)(?: to me| for me| to go| as it is)?|"
    r"(?:that's |it's |all )?(?:good|fine|perfect|right)(?: to go| as it is)?|(?:(?:that|it) )?works(?: for me)?)"
)
_SEND = (
    rf"(?:you (?:can|may) )?(?:send|approve|use|take|accept|confirm|release)(?: {_OBJECT})?"
    rf"(?: off| out| as {_IT} is| like {_IT}| already)?"
)
_NO = r"(?:no|nope|nah|n|no thanks?|no thank you|not now|never ?mind|nvm|👎|❌)"
_DROP = (
    rf"(?:(?:don'?t|do not) (?:send|use|approve|take)(?: {_OBJECT})?|"
    rf"(?:discard|reject|decline|refuse|drop|scrap|cancel|forget|skip|leave|bin|delete)(?: {_OBJECT})?|"
    rf"(?:i )?(?:don'?t|do not) (?:want|need)(?: (?:{_IT}|one|(?:a|the|any) draft))|no draft)"
)
APPROVES = regex(rf"{_LEAD}(?:(?:{_YES}|great|then)[,.! ]+)*(?:{_YES}|(?P<sends>{_SEND})){_SURE}")
DECLINES = regex(rf"{_LEAD}(?:{_NO}|(?:{_NO}[,.! ]+)?(?P<drops>{_DROP})){_SURE}")
SENDS = regex(rf"{_LEAD}(?:(?:{_YES}|great|then)[,.! ]+)*(?:you (?:can|may) )?(?:send|approve) {_IT}{_SURE}")
"""It names nothing: where no draft waits, it is no request either."""
AGREES = regex(rf"{_LEAD}{_YES}(?:[,.!; ]+(?P<but>but|except|only)\b|[,.!;]+|(?= (?:and|then)\b))")
REFUSES = regex(rf"{_LEAD}{_NO}[,.!;: ]+(?:but )?")

CHANGES = regex(
    rf"{_LEAD}(?:(?:change|edit|replace|update|reword|rephrase|rewrite)(?: (?:{_IT}|the {_TEXT}))?"
    r"(?: to(?: say| read)?| into| with| by|:)|make it (?:say|read)|it should (?:say|read)|"
    r"(?:say|write|send|use|take)(?: this)?(?: instead)?(?=:)|(?:here(?:'s| is) )?my (?:own )?(?:version|text|words)"
    r"(?: is)?(?=:)|instead(?=:))[ :\n-]+(?P<words>\S.*)",
    re.DOTALL,
)
SWAPS = regex(
    r"(?:.{0,20}?\b)?(?:change|replace|swap|correct)(?: the)? [\"']?(?P<old>.+?)[\"']? (?:to|with|for|by|into) "
    rf"[\"']?(?P<new>.+?)[\"']?{_END}"
)
_MAKE = (
    rf"{_LEAD}(?:(?:make|keep|write|have|want|like|need)(?: (?:{_IT}|me|the {_TEXT}))? |"
    rf"(?:{_IT}|the {_TEXT}) (?:should|could|must) be |i(?:'d like| want| need| would like)(?: {_IT})?(?: to be)? |"
    rf"(?:change|rewrite) (?:{_IT}|the tone)(?: to(?: be)?| into)? |can {_IT} be |could {_IT} be |be )?"
    r"(?:an? )?(?:(?:bit|little|lot|much|far|slightly|way|somewhat) )*"
)
SHORTER = regex(
    rf"{_MAKE}(?:shorter|short|briefer|brief|(?:more )?concise|less (?:long|wordy|text)|shorten(?: {_IT})?){_END}"
)
LONGER = regex(
    rf"{_MAKE}(?:longer|long|more detail(?:ed|s)?|less (?:short|brief)|(?:lengthen|expand)(?: {_IT})?){_END}"
)
TOO = regex(
    rf"{_LEAD}(?:{_IT}(?:'s| is) )?(?:(?:a|bit|little|much|way|far) )*too "
    rf"(?P<what>long|wordy|short|brief|{_TONE}){_END}"
)
SOUNDS = regex(rf"{_MAKE}(?P<way>more |less )?(?P<tone>{_TONE})(?: (?:tone|version|one))?{_END}")
SPEAKS = regex(
    rf"{_LEAD}(?:(?:write|send|make|translate|rewrite|give|have|want|i'd like|i want)?(?: (?:{_IT}|me|the {_TEXT}))* ?"
    rf"(?:in|to|into) (?P<language>{_LANGUAGE})|(?P<bare>{_LANGUAGE})){_END}"
)
AGAIN = regex(
    rf"{_LEAD}(?:(?:re-?)?(?:generate|do|write|draft|phrase|word)(?: (?:{_IT}|another|a new|the))*(?: {_TEXT})?"
    rf"(?: (?:again|anew|differently|once more))?|try again|once more|again|try another(?: {_TEXT})?|"
    r"(?:(?:give|show|write|make) (?:me )?|i(?:'d like| want) )?(?:another|a (?:new|different|second)|something)"
    rf"(?: (?:else|different|{_TEXT}|try))?|(?:new|different|next) {_TEXT}){_END}"
)
HEDGES = regex(
    rf"{_LEAD}(?:(?:h+m+|er+m*|u+m+)[,.! ]+)*(?:\?++|h+m+|maybe|perhaps|"
    r"not sure|i(?:'m| am) not sure|i (?:don'?t|do not) know|dunno|"
    rf"let me think(?: about it)?|what do you think|"
    rf"(?:change|edit|fix|improve|update|adjust|correct) (?:{_IT}|the {_TEXT})|"
    rf"make {_IT} (?:better|nicer|different)|{_IT}(?:'s| is)? (?:not|isn'?t|doesn'?t|does not) .{{1,40}}|"
    rf"i (?:don'?t|do not) like {_IT}|"
    rf"(?:{_IT}(?:'s| is) )?(?:wrong|bad|awful|terrible|off|not (?:good|right|great|ok))|"
    rf"(?:nice|cool|great)(?: but .*+)?|"
    rf"(?:mention|include|leave out|take out|don'?t mention|add that|say that) .++){_END}"
)
NUMBER = regex(r"(?<![\w.])#?(?P<n>\d|first|second|third|fourth|last)\b")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
COMMON = frozenset("the draft text message send for about email note write reply with and one call follow".split())  # noqa: SIM905
"""Words of titles and answers by which no draft is meant."""
