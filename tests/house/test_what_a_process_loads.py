"""Starting costs what is imported, so nobody imports what only others need."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("process", "foreign"),
    [
        ("concierge.cli", {"litestar", "anthropic", "procrastinate", "concierge.wiring"}),
        ("concierge.worker.app", {"litestar", "jinja2", "anthropic", "aioboto3", "dateparser"}),
        ("concierge.web.app", {"anthropic", "aioboto3", "dateparser", "concierge.simulators"}),
    ],
)
def test_a_process_loads_what_it_needs(process: str, foreign: set[str]) -> None:
    command = [sys.executable, "-c", f"import sys, {process}; print(*sys.modules)"]
    loaded = set(subprocess.check_output(command, text=True).split())
    assert process in loaded
    assert not foreign & loaded
