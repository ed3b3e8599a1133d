"""Which language somebody is spoken to in, and the words that a room has in it: a file a language, named like it."""

from collections.abc import Hashable
from functools import cache
from importlib import resources
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

FIRST = "en"
LANGUAGES = ("en", "ar", "de", "es", "fr", "hi", "it", "nl", "pl", "pt")


def spoken(language: str) -> str:
    """The language of ours that stands for `language`: "pt_BR" is "pt"; English for one we do not speak."""
    first = language.replace("-", "_").partition("_")[0].lower()
    return first if first in LANGUAGES else FIRST


def words_of(package: str, language: str, shape: type[T]) -> T:
    """What the files of `package` say in the language of ours that stands for `language`. Each is read once."""
    words: T = _read(package, spoken(language), cast("Hashable", shape))
    return words


@cache
def _read(package: str, ours: str, shape: Any) -> Any:
    return msgspec.json.decode(resources.files(package).joinpath(f"{ours}.json").read_bytes(), type=shape)
