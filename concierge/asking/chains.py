"""Which models are asked, in which order. Pure."""

from collections.abc import Collection, Mapping, Sequence

from concierge.errors import ModelRefused
from concierge.llm.purposes import Purpose


def chain(purpose: Purpose, chosen: Mapping[str, Sequence[str]], default: Sequence[str]) -> tuple[str, ...]:
    """The names to ask, first choice first: those chosen for the purpose, else the default."""
    return tuple(dict.fromkeys(chosen.get(purpose) or default))


def known(names: Sequence[str], models: Collection[str]) -> tuple[str, ...]:
    """The names there is a model for. Raises ModelRefused where there is none at all."""
    found = tuple(name for name in names if name in models)
    if not found:
        raise ModelRefused(f"no model is set up that is named {' or '.join(names)}")
    return found
