"""Every question an operator can ask is answered by the schema as it is."""

from uuid import uuid4

import psycopg

from concierge.postgres.ops import Question, ask, questions
from tests.each import each

KNOWN = questions()


@each("asked", KNOWN)
async def test_it_runs_and_says_what_is_normal(shared_database: str, asked: Question) -> None:
    async with await psycopg.AsyncConnection.connect(shared_database, autocommit=True) as conn:
        answer = await ask(conn, asked, dict.fromkeys(asked.parameters, str(uuid4())))
    assert answer.columns
    assert "?" in asked.comment[0]
    assert len(asked.comment) >= 2
