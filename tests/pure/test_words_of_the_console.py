"""Names are shown in words; what is in words already may hold the name of a key, which stays as it is."""

import pytest

from concierge.console.rendering import words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("no_time", "no time"),
        ("failed_tasks", "failed follow-ups"),
        ("cancelled by key:task_runner", "cancelled by key:task_runner"),
    ],
)
def test_words(name: str, shown: str) -> None:
    assert words(name) == shown
