"""A page of somebody else's loads the widget: it stays small, and asks for nothing from elsewhere."""

import re

from concierge.webchat.script import FOLDER, PARTS, script


def test_under_thirty_kilobytes() -> None:
    assert len(script().content) < 30_000


def test_no_part_is_forgotten() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.js")) == sorted(PARTS)


def test_nothing_from_elsewhere_and_no_markup() -> None:
    content = script().content.decode()
    dangers = r"innerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|document\.cookie|https?://[a-z.]+"
    assert re.findall(dangers, content) == []
