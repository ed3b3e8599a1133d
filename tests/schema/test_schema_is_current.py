"""`sql/schema.sql` is what the migrations make; who reads it reads the truth."""

import pytest

from concierge.errors import EmbeddedPostgresError
from concierge.postgres import binaries
from concierge.postgres.migrate import SQL
from concierge.postgres.schema import dump
from tests.database import TestServer


def test_the_file_is_the_dump_of_a_migrated_database(server: TestServer, shared_database: str) -> None:
    try:
        found = binaries.find()
    except EmbeddedPostgresError as error:
        pytest.skip(str(error))
    if not server.version == int(found.version.split(".")[0]) == 18:
        pytest.skip("the file is written by the pg_dump of Postgres 18")
    assert dump(shared_database, found.bindir) == (SQL / "schema.sql").read_text(), "run `make schema`"
