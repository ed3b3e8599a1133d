"""A site for every test here."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.site import Site, open_site


@pytest.fixture
async def site(db: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(db, tmp_path) as opened:
        yield opened
