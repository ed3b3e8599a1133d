"""Which form of a word a whole number takes, and how words are listed. Forms are those of Unicode's CLDR."""

from collections.abc import Callable, Mapping, Sequence


def counted(forms: Mapping[str, str], n: int, rule: str) -> str:
    """`in 2 hours`: the form that `rule` wants for `n`, with the number in it."""
    return forms.get(_FORMS[rule](n), forms["other"]).format(n=n)


def listed(words: Sequence[str], comma: str, last: str) -> str:
    """`Monday, Tuesday and Friday`; at least one word."""
    return words[0] if len(words) == 1 else f"{comma.join(words[:-1])}{last}{words[-1]}"


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "other"


def _arabic(n: int) -> str:
    if n in {1, 2}:
        return ("one", "two")[n - 1]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 99 else "other"


def _ordinal(n: int) -> str:
    """Of English: 1st, 2nd, 3rd, 4th, 11th."""
    if 11 <= n % 100 <= 13:
        return "other"
    return {1: "one", 2: "two", 3: "few"}.get(n % 10, "other")


_FORMS: Mapping[str, Callable[[int], str]] = {
    "one": lambda n: "one" if n == 1 else "other",
    "zero_one": lambda n: "one" if n in {0, 1} else "other",
    "polish": _polish,
    "arabic": _arabic,
    "ordinal": _ordinal,
}
