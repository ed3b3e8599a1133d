"""A server for what is tested below the project's own schema."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.database import TestServer


@pytest.fixture
def empty_url(server: TestServer) -> Iterator[str]:
    """The URL of a new and empty database."""
    name = f"empty_{uuid4().hex}"
    yield server.create(name)
    server.drop(name)
