"""Answers of a word or two in other languages, those that our questions name first: `ja`, `sí, enviar`, `erledigt`."""

import re
from functools import cache

_ANSWERS = {
    "yes": "ja, sí, si, oui, sì, tak, sim, نعم, हाँ, हां",
    "no": "nein, non, nee, nie, não, nao, لا, नहीं",
    "send it": (
        "senden, absenden, enviar, envíalo, envoyer, envoyez, invia, inviare, versturen, verstuur, wyślij, envie, "
        "إرسال, أرسل, भेजें"
    ),
    "shorter": "kürzer, más corto, plus court, più breve, korter, krócej, mais curto, أقصر, छोटा",
    "done": "erledigt, hecho, ya está hecho, fait, c'est fait, fatto, gedaan, klaar, zrobione, feito, تم, हो गया",
}
_LONGEST = 60  # characters


def in_english(text: str) -> str | None:
    """`yes, send it`, where the text is nothing but such answers."""
    said = text.replace("’", "'").casefold()
    parts = [part for part in re.split(r"\s*[,.!؟،।]+\s*|\n", said.strip()) if part]
    if len(text) > _LONGEST or not parts or not all(part in _answers() for part in parts):
        return None
    return ", ".join(_answers()[part] for part in parts)


@cache
def _answers() -> dict[str, str]:
    return {word: english for english, words in _ANSWERS.items() for word in words.split(", ")}
