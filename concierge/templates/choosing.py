"""Which template stands for a message, and what fills its blanks. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from concierge.channels.model import Template

LONGEST = 900  # characters of one parameter: WhatsApp allows 1,024 for the whole body


class Fitting(Struct, frozen=True):
    """An approved template of the right account and kind."""

    name: str
    language: str
    category: str
    parameters: list[str]


class Chosen(Struct, frozen=True):
    """A template with its blanks filled."""

    template: Template
    marketing: bool


def choose(templates: Sequence[Fitting], languages: Sequence[str], facts: Mapping[str, str | None]) -> Chosen | None:
    """The first that can be filled, in the first of `languages` that there is; None when nothing fits.

    A language fits exactly, or else by its first part: "pt_BR" stands for "pt", and the other way round.
    """
    for template in _in_order(templates, languages):
        filled = [_filled(parameter, facts) for parameter in template.parameters]
        if None not in filled:
            texts = [text for text in filled if text is not None]
            return Chosen(Template(template.name, template.language, texts), template.category == "marketing")
    return None


def _in_order(templates: Sequence[Fitting], languages: Sequence[str]) -> Iterator[Fitting]:
    for language in languages:
        yield from (each for each in templates if _same(each.language, language))
        yield from (each for each in templates if _same(_first(each.language), _first(language)))


def _same(one: str, other: str) -> bool:
    return one.replace("-", "_").casefold() == other.replace("-", "_").casefold()


def _first(language: str) -> str:
    return language.replace("-", "_").partition("_")[0]


def _filled(parameter: str, facts: Mapping[str, str | None]) -> str | None:
    """The fact, on one line as WhatsApp wants it; "name|there" says "there" where the fact is missing."""
    name, _, otherwise = parameter.partition("|")
    text = " ".join((facts.get(name.strip()) or otherwise).split())
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rstrip() + "…"
    return text or None
