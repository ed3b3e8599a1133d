"""Personal data is taken out before a prompt leaves the process and put back into the answer.

What can be put back is replaced by a placeholder, `<PHONE_1>`, the same one for the same datum; cards, bank accounts
and numbers of identity papers are dropped for good, as `<CARD>`. What looks like a placeholder already, because
somebody typed it, is hidden behind one of its own, so it cannot fetch another's data. A placeholder in the answer that
was never given out makes the answer unusable. Names that the caller does not know of stay in the text.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import Struct, structs

from concierge.errors import ModelUnavailable
from concierge.llm.detecting import detect
from concierge.llm.patterns import regex
from concierge.llm.prompts.rendering import LONGEST_TEXT
from concierge.llm.purposes import Prompt

V = TypeVar("V")

_RESTORED = ("PHONE", "EMAIL", "NAME", "ADDRESS", "URL", "IP", "TEXT")
_DROPPED = ("CARD", "IBAN", "SSN", "ID")
_PLACEHOLDER = regex(
    rf"(?:<|&lt;)\s{{0,8}}(?P<kind>{'|'.join(_RESTORED)})[\s_-]{{0,8}}(?P<n>\d{{1,6}})\s{{0,8}}(?:>|&gt;)|"
    rf"\b(?P<bare>{'|'.join(_RESTORED)})_(?P<m>\d{{1,6}})\b",
    re.IGNORECASE,
)
_TYPED = regex(rf"{_PLACEHOLDER.pattern}|(?:<|&lt;)\s{{0,8}}(?:{'|'.join(_DROPPED)})\s{{0,8}}(?:>|&gt;)", re.IGNORECASE)
_NOT_PERSONAL = frozenset(
    {
        *(
            "act",
            "answers",
            "asker",
            "channel",
            "confidence",
            "does",
            "due",
            "grain",
            "key",
            "kind",
            "language",
            "length",
        ),
        *("ref", "refs", "repeats", "stored_prompt", "tone", "wall", "who", "zone"),
    }
)
"""Fields of prompts and answers that are words of ours, to be left as they are."""


class Pseudonym(Struct, frozen=True):
    """`<KIND_N>` stands for `original`; every text with the same key is the same datum."""

    kind: str
    n: int
    key: str
    original: str


class Vault:
    """Which placeholder stands for what. Lives in memory, is never logged.

    `known` are the placeholders given out before in the same conversation; `fresh` are those given out since.
    """

    def __init__(
        self, *, private: Iterable[str] = (), region: str | None = None, known: Iterable[Pseudonym] = ()
    ) -> None:
        self._private = tuple(private)
        self._region = region
        self._given: dict[tuple[str, str], Pseudonym] = {}
        self._counts: Counter[str] = Counter()
        self._originals: dict[tuple[str, int], str] = {}
        for each in known:
            self._keep(each)
        self.fresh: list[Pseudonym] = []

    def redact(self, text: str) -> str:
        """The text with placeholders. The same datum, however it is written, gets the same one."""
        typed = _TYPED.sub(lambda match: self._placeholder("TEXT", match[0], match[0]), text)
        pieces, at = [], 0
        for one in detect(typed, private=self._private, region=self._region):
            pieces += [typed[at : one.start], self._stand_in(one.kind, one.key, typed[one.start : one.end])]
            at = one.end
        return "".join([*pieces, typed[at:]])

    def restore(self, text: str) -> str:
        """The text with the data put back. Raises ModelUnavailable for a placeholder that was never given out."""
        return _PLACEHOLDER.sub(self._original, text)

    def _stand_in(self, kind: str, key: str, original: str) -> str:
        return f"<{kind}>" if kind in _DROPPED else self._placeholder(kind, key, original)

    def _placeholder(self, kind: str, key: str, original: str) -> str:
        known = self._given.get((kind, key))
        if known is None:
            known = Pseudonym(kind, self._counts[kind] + 1, key, original)
            self._keep(known)
            self.fresh.append(known)
        return f"<{kind}_{known.n}>"

    def _keep(self, one: Pseudonym) -> None:
        self._given.setdefault((one.kind, one.key), one)
        self._originals[one.kind, one.n] = one.original
        self._counts[one.kind] = max(self._counts[one.kind], one.n)

    def _original(self, match: re.Match[str]) -> str:
        kind, number = match["kind"] or match["bare"], match["n"] or match["m"]
        original = self._originals.get((kind.upper(), int(number)))
        if original is None:
            raise ModelUnavailable("the answer holds a placeholder that was never given out")
        return original


def redacted(prompt: Prompt, vault: Vault) -> Prompt:
    """The prompt with placeholders, and without the names it was to be kept from."""
    bare: Prompt = structs.replace(_mapped(prompt, lambda text: vault.redact(_shortened(text))), private=())
    return bare


def restored(value: V, vault: Vault) -> V:
    """An answer with the data put back. Raises ModelUnavailable as `Vault.restore` does."""
    whole: V = _mapped(value, vault.restore)
    return whole


def storable(value: V) -> V:
    """An answer without NUL characters, which no text in Postgres can hold."""
    bare: V = _mapped(value, lambda text: text.replace("\0", ""), leaving=frozenset())
    return bare


def _shortened(text: str) -> str:
    """No model is shown more than `LONGEST_TEXT`, and looking for numbers takes time; cut between words."""
    cut = text[:LONGEST_TEXT]
    return cut if cut == text else cut.rpartition(" ")[0] or cut


def _mapped(value: Any, change: Callable[[str], str], leaving: frozenset[str] = _NOT_PERSONAL) -> Any:
    """The same structure with every string changed, but in the fields that are left."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in leaving}
        return structs.replace(value, **{name: _mapped(each, change, leaving) for name, each in fields.items()})
    if isinstance(value, (list, tuple)):
        return type(value)(_mapped(each, change, leaving) for each in value)
    return value
