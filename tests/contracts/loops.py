"""Asyncio's own event loop and uvloop, on which our processes run: what a client of a vendor does, it does on both."""

from collections.abc import Iterator

import pytest
from anyio import pytest_plugin

RUNNER = {"_current_runner": None, "_runner_stack": None, "_runner_leases": 0}


@pytest.fixture(scope="module", params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, bool]]]:
    """For a module to import. The loop that all other tests share is put aside: whoever has one is given that one."""
    with pytest.MonkeyPatch.context() as patch:
        for name, nothing in RUNNER.items():
            patch.setattr(pytest_plugin, name, nothing)
        yield "asyncio", {"use_uvloop": request.param}
