"""Which language somebody is spoken to in, and the words that a room has in it.

A room with much to say has a file a language, named like it; one with a few lines has all languages in `said.json`.
"""

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


def said_by(package: str, language: str, shape: type[T]) -> T:
    """What `said.json` of `package` says in the language of ours that stands for `language`. It is read once."""
    words: T = _said(package, cast("Hashable", shape))[spoken(language)]
    return words


@cache
def _said(package: str, shape: Any) -> Any:
    return msgspec.json.decode(resources.files(package).joinpath("said.json").read_bytes(), type=dict[str, shape])


@cache
def _read(package: str, ours: str, shape: Any) -> Any:
    return msgspec.json.decode(resources.files(package).joinpath(f"{ours}.json").read_bytes(), type=shape)
