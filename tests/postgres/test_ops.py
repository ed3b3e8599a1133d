"""Questions are files; their answers are tables; nothing asked can change a row."""

import asyncio
import io
import textwrap

import psycopg
import pytest
from psycopg import AsyncConnection
from rich.console import Console

from concierge.errors import Malformed, Missing
from concierge.postgres.ops import Answer, ask, question, questions, show


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "how_many.sql").write_text(
        "-- How many are there?\n-- Normal: three.\nselect 3 as n, 'a%' as pattern;\n"
    )
    (tmp_path / "which.sql").write_text(
        "-- Which is it?\nselect %(id)s::uuid as id, %(n)s::int + 1 as n, 'a%' as p, %(id)s as again"
    )
    (tmp_path / "bad.sql").write_text("-- May I?\ncreate table t ()")
    return tmp_path


def answer(url: str, folder, name: str, **values: str) -> Answer:
    async def asked() -> Answer:
        async with await AsyncConnection.connect(url, autocommit=True) as conn:
            return await ask(conn, question(name, folder), values)

    return asyncio.run(asked())


def printed(url: str, folder, *words: str, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    asyncio.run(show(url, words, console, folder=folder))
    return console.file.getvalue()


ID = "00000000-0000-0000-0000-000000000001"


def test_a_file_is_read_with_its_comment_and_parameters(folder):
    assert [each.name for each in questions(folder)] == ["bad", "how_many", "which"]
    assert question("how_many", folder).comment == ["How many are there?", "Normal: three."]
    assert question("which", folder).parameters == ["id", "n"]


def test_an_answer_has_columns_and_rows(empty_url, folder):
    assert answer(empty_url, folder, "how_many") == Answer(columns=["n", "pattern"], rows=[(3, "a%")])
    asked = answer(empty_url, folder, "which", id=ID, n="41")
    assert [str(value) for value in asked.rows[0]] == [ID, "42", "a%", ID]


@pytest.mark.parametrize("values", [{"id": ID}, {"id": ID, "n": "1", "m": "2"}, {"id": "no", "n": "1"}])
def test_wrong_values_are_refused(empty_url, folder, values):
    with pytest.raises(Malformed, match="which"):
        answer(empty_url, folder, "which", **values)


def test_an_unknown_question_is_answered_with_the_known_ones(folder):
    with pytest.raises(Missing, match="bad, how_many, which"):
        question("nonsense", folder)


def test_a_question_changes_nothing(empty_url, folder):
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        answer(empty_url, folder, "bad")


def test_the_terminal_shows_list_and_answers(empty_url, folder):
    listed = printed(empty_url, folder)
    assert "which id=… n=…" in listed
    assert "How many are there?" in listed
    shown = printed(empty_url, folder, "how_many")
    assert "Normal: three." in shown
    assert "(1 row)" in shown
    with pytest.raises(Malformed, match="name=value"):
        printed(empty_url, folder, "which", "nonsense")


WIDE = """
    -- What is it?
    select %(id)s::uuid as id, 'a long text ' || repeat('word ', 20) as text, e'two\nlines' as lines,
           timestamptz '2027-03-03 12:00:00.123456+00' as at, interval '61.234567 s' as age, null as nothing
    union all select %(id)s::uuid, 'x', 'y', null, null, null
"""


@pytest.mark.parametrize("width", [80, 400])
def test_an_id_can_be_copied_at_any_width(empty_url, tmp_path, width):
    (tmp_path / "wide.sql").write_text(textwrap.dedent(WIDE).strip())
    shown = printed(empty_url, tmp_path, "wide", f"id={ID}", width=width)
    assert shown.count(ID) == 2
    assert "a long text " + "word " * 19 in shown
    assert "12:00:00.1" not in shown
    assert "0:01:01" in shown
    assert "0:01:01." not in shown
    if width == 80:
        assert f"id       {ID}\n" in shown
        assert "lines    two\n         lines\n" in shown
    else:
        assert max(map(len, shown.splitlines())) <= width


def test_what_fits_is_a_table(empty_url, tmp_path):
    (tmp_path / "narrow.sql").write_text(f"-- What is it?\nselect '{ID}'::uuid as id, '[b]' as text")
    assert f"{ID}  [b]" in printed(empty_url, tmp_path, "narrow", width=80)
