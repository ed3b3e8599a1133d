"""What is configured, held against what the skills, the models and the tenant's prompts are. Names every bad field."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from concierge.api.bodies import Fault, faults
from concierge.errors import Invalid
from concierge.inbox.skills import SKILLS
from concierge.llm.purposes import PURPOSES
from concierge.outbox.manners import Manners

SHAPES = {name: skill.settings for name, skill in SKILLS.items()} | {"manners": Manners}
TALKERS = {"replies", "intake"}


def check(
    *,
    skills: list[str],
    settings: Mapping[str, Any],
    models: Mapping[str, list[str]],
    known_models: Collection[str],
) -> None:
    """Raises Invalid."""
    if found := [*_skills(skills), *_settings(settings), *_models(models, known_models)]:
        raise Invalid(found)


def talks(skills: list[str]) -> bool:
    """Whether it holds a conversation: then it waits for the end of a burst, and answers nothing old."""
    return not TALKERS.isdisjoint(skills)


def _skills(skills: list[str]) -> Iterator[Fault]:
    for n, name in enumerate(skills):
        if name not in SKILLS:
            yield f"/skills/{n}", f"there is no such skill; there are {', '.join(SKILLS)}"
        elif name in skills[:n]:
            yield f"/skills/{n}", "is named twice"


def _settings(settings: Mapping[str, Any]) -> Iterator[Fault]:
    for name, given in settings.items():
        if name in SHAPES:
            yield from faults(given, SHAPES[name], f"/settings/{name}")
        else:
            yield f"/settings/{name}", f"there is no such skill; there are {', '.join(SHAPES)}"


def _models(models: Mapping[str, list[str]], known: Collection[str]) -> Iterator[Fault]:
    for purpose, names in models.items():
        if purpose not in PURPOSES:
            yield f"/models/{purpose}", f"there is no such purpose; there are {', '.join(PURPOSES)}"
        for n, name in enumerate(names):
            if name not in known:
                yield f"/models/{purpose}/{n}", f"no such model is set up; there are {', '.join(sorted(known))}"
