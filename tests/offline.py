"""The offline model, for tests that play whole conversations."""

from typing import Any

from concierge.llm.local.drafts import draft
from concierge.llm.local.intake import learn
from concierge.llm.local.reading import read
from concierge.llm.local.replies import reply

_BY_VERSION = {"extract": read, "intake": learn, "draft": draft, "reply": reply}


def offline(prompt: Any) -> Any:
    """A script: what `local` answers."""
    answer: Any = _BY_VERSION[prompt.version.partition("-")[0]]
    return answer(prompt)
