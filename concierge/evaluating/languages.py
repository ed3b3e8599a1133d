"""Which language a text is in, by its script and its commonest small words. Good enough for whole sentences. Pure."""

import re

_SMALL = {
    "en": "the and to of you is for that it we i are your this with be have on will would can let know please an not a "
    "about just was from at my our",
    "de": "der die das und ist ich sie wir nicht ein eine zu mit für auf den von dass bitte uns ihnen ihr es im noch",
    "es": "el la los las de que y en un una es por para con no su se lo me le usted te gracias si como está más del",
    "fr": "le la les de des et que un une est pour vous nous je ne pas en votre avec sur ce il merci du au être si",
    "it": "il lo la gli di che e un una è per non con si le del della mi ci grazie sono ho può sul alla in questo",
    "nl": "de het een en is van ik je u wij niet dat te met voor op zijn we uw er nog aan graag bedankt heeft om",
    "pt": "o a os as de que e um uma é para não com do da em por se você obrigado obrigada no na ao está meu isso",
    "pl": "nie to jest się na i w z do że czy dziękuję proszę jak dla o po za od ale tym jestem może pan pani",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_SCRIPTS = {"ar": re.compile(r"[\u0600-\u06ff]"), "hi": re.compile(r"[\u0900-\u097f]")}
_LETTER = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str | None:
    """ISO 639-1; None where nothing speaks for one language more than for others."""
    letters = sum(len(word) for word in _LETTER.findall(text))
    for language, script in _SCRIPTS.items():
        if letters and len(script.findall(text)) > letters / 2:
            return language
    words = [word.casefold() for word in _LETTER.findall(text)]
    counted = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    best, *others = sorted(counted, key=lambda language: -counted[language])
    return best if counted[best] > counted[others[0]] else None
