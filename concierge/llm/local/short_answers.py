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
_CHANGES = "ändern in, cambiar a, remplacer par, cambia in, wijzig in, zmień na, mudar para, غيّرها إلى, बदलें"
"""What begins an answer that gives other words."""


def in_english(text: str) -> str | None:
    """`yes, send it`, where the text is nothing but such answers."""
    said = text.replace("’", "'").casefold()
    parts = [bare for part in re.split(r"[,.!؟،।\n]", said) if (bare := part.strip())]
    if not parts or not all(part in _answers() for part in parts):
        return None
    return ", ".join(_answers()[part] for part in parts)


def own_words(text: str) -> str | None:
    """`change it to …`, where the text begins so and goes on with words of its own."""
    said = text.strip()
    begun = next((each for each in _CHANGES.split(", ") if said.casefold().startswith(f"{each} ")), None)
    return f"change it to {said[len(begun) :].strip()}" if begun else None


@cache
def _answers() -> dict[str, str]:
    return {word: english for english, words in _ANSWERS.items() for word in words.split(", ")}
