"""Whoever comes new finds each room, floor and skill where the documents say, and none is left out."""

import re
import tomllib
from pathlib import Path

from concierge.inbox.skills import SKILLS

ROOT = Path(__file__).parents[2]


def block_below(heading: str, document: str) -> str:
    """The first block of text there."""
    return (ROOT / document).read_text().partition(f"\n## {heading}\n")[2].split("```")[1]


def test_the_map_names_every_room() -> None:
    rooms = {each.parent.name for each in (ROOT / "concierge").glob("*/__init__.py")}
    named = set(re.findall(r"\b([a-z]+)/", block_below("The map", "README.md"))) - {"concierge", "sql", "tests"}
    assert named == rooms


def test_the_floors_are_those_that_are_held() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    held = [set(re.findall(r"\w+", layer)) - {"concierge", "__main__"} for layer in contract["layers"]]
    told: list[set[str]] = []
    for line in block_below("Floors", "docs/house.md").splitlines()[1:]:
        rooms = set(re.findall(r"\w+", line[:38]))
        if line.startswith(" "):  # a floor may take two lines
            told[-1] |= rooms
        else:
            told.append(rooms)
    assert told == [floor for floor in held if floor]


def test_every_skill_is_explained() -> None:
    rows = (ROOT / "docs/agents.md").read_text().partition("| skill | does | settings |\n")[2].partition("\n\n")[0]
    first = " ".join(row.split("|")[1] for row in rows.splitlines())
    assert set(re.findall(r"`(\w+)`", first)) == SKILLS.keys()
