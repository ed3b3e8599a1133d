"""Small files with honest names: what does not fit on a few screens has not been thought through."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    path
    for folder in ("concierge", "tests", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "__pycache__" not in path.parts
]
FORBIDDEN = {
    "service",
    "services",
    "util",
    "utils",
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "base",
}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("folder", ["concierge", "tests", "bench"])
def test_no_file_is_over_250_lines(folder: str):
    """In the product; a list of examples may be longer."""
    most = 250 if folder == "concierge" else 400
    long = {str(path.relative_to(ROOT)): lines(path) for path in FILES if path.relative_to(ROOT).parts[0] == folder}
    assert {name: count for name, count in long.items() if count > most} == {}


def test_most_files_are_short():
    sizes = sorted(lines(path) for path in FILES if path.relative_to(ROOT).parts[0] == "concierge")
    assert sizes[len(sizes) // 2] <= 75
    assert sizes[len(sizes) * 9 // 10] <= 200


def test_no_name_says_nothing():
    named = [path.relative_to(ROOT) for path in FILES]
    assert [str(path) for path in named if FORBIDDEN & {part.removesuffix(".py") for part in path.parts}] == []


def test_every_room_tells_what_it_is_for():
    for path in ROOT.glob("concierge/**/__init__.py"):
        first = path.read_text(encoding="utf-8").lstrip()
        assert first.startswith('"""'), f"{path.relative_to(ROOT)} has no docstring"
