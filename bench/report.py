"""The table that a run ends with."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct


class Line(Struct, frozen=True):
    """One figure: what, how much, as a ratio to plain Postgres in the same run, and what else there is to know."""

    what: str
    figure: str
    ratio: str
    detail: str


def table(lines: Sequence[Line], *, postgres: str) -> str:
    """Markdown, as it stands in docs/performance.md."""
    head = Line("what", "figure", "ratio", "detail")
    rows = [head, *lines]
    widths = [max(len(getattr(row, name)) for row in rows) for name in Line.__struct_fields__]
    text = [_row(row, widths) for row in rows]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    made = f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores, {platform.machine()}, Postgres {postgres}, fsync on"
    return "\n".join([*text, "", made])


def _row(line: Line, widths: Sequence[int]) -> str:
    cells = (getattr(line, name).ljust(width) for name, width in zip(Line.__struct_fields__, widths, strict=True))
    return "| " + " | ".join(cells) + " |"
