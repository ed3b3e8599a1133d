"""Migrations run once, in order, whoever starts them, and refuse what was tampered with."""

import asyncio

import psycopg
import pytest

from concierge.errors import MigrationError
from concierge.postgres import migrate as module
from concierge.postgres.migrate import LOCK, migrate, pending


@pytest.fixture(autouse=True)
def without_the_queue(monkeypatch, tmp_path):
    """Leaves procrastinate's files out, which have tests of their own; gives them a folder that tests may fill."""
    (tmp_path / "queue").mkdir()
    monkeypatch.setattr(module, "_procrastinate", lambda: tmp_path / "queue")


@pytest.fixture
def folder(tmp_path):
    """A folder like `sql/`, and a function that writes files into it."""
    for kind in ("migrations", "functions"):
        (tmp_path / kind).mkdir()
    return tmp_path


def put(folder, **files: str) -> None:
    """Writes `migrations__0001_a="…"` as migrations/0001_a.sql."""
    for name, text in files.items():
        (folder / f"{name.replace('__', '/')}.sql").write_bytes(text.encode())


def run(url, folder) -> list[str]:
    return asyncio.run(migrate(url, lambda _line: None, sql=folder))


def rows(url, query: str) -> list[tuple]:
    with psycopg.connect(url) as conn:
        return conn.execute(query).fetchall()


def test_files_run_in_order_and_once(empty_url, folder):
    put(
        folder,
        migrations__0002_b="alter table a add b int;",
        migrations__0001_a="create table a (); create table z ();",
        functions__f="create or replace function f() returns int language sql as $$ select 1 /* % ; */ $$;",
        queue__00_first="create table first ();",
    )
    lines: list[str] = []
    applied = asyncio.run(migrate(empty_url, lines.append, sql=folder))
    assert applied == ["procrastinate/00_first.sql", "0001_a.sql", "0002_b.sql", "functions/f.sql"]
    assert [line.split(" (")[0] for line in lines] == [f"{n}/4 {name}" for n, name in enumerate(applied, 1)]
    assert run(empty_url, folder) == []
    assert rows(empty_url, "select f()") == [(1,)]


def test_a_server_that_takes_no_writes_is_not_migrated(empty_url, folder, monkeypatch):
    """Nor waited for in the middle of a file: of several hosts, it is the next one's turn."""
    monkeypatch.setattr(module, "PATIENT", 0.0)
    with psycopg.connect(empty_url, autocommit=True) as conn:
        conn.execute(f'alter database "{conn.info.dbname}" set default_transaction_read_only = on')
    with pytest.raises(MigrationError, match="session is read-only"):
        run(empty_url, folder)


def test_a_failing_file_leaves_nothing_and_names_its_line(empty_url, folder):
    put(folder, migrations__0001_a="create table a ();", migrations__0002_b="create table b ();\n\nselect nonsense;\n")
    with pytest.raises(MigrationError, match=r'0002_b\.sql, line 3: column "nonsense" does not exist'):
        run(empty_url, folder)
    assert rows(empty_url, "select name, to_regclass('b') from migration") == [("0001_a.sql", None)]


def test_an_error_without_a_place_is_told_with_its_detail(empty_url, folder):
    put(folder, migrations__0001_a="create table a (x int unique); insert into a values (1), (1);")
    with pytest.raises(MigrationError, match=r"^0001_a\.sql: duplicate key .*; Key \(x\)=\(1\) already exists"):
        run(empty_url, folder)


def test_all_disagreements_are_named_at_once_and_nothing_is_done(empty_url, folder):
    put(folder, migrations__0001_a="select 1;", migrations__0003_c="select 3;", migrations__0004_d="select 4;")
    put(folder, queue__01="select 1;")
    run(empty_url, folder)
    (folder / "migrations/0001_a.sql").unlink()
    put(folder, migrations__0002_b="select 2;", migrations__0003_c="select 33;", migrations__0005_e="select 5;")
    put(folder, queue__01="select 11;")
    with pytest.raises(MigrationError) as caught:
        run(empty_url, folder)
    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [
        "procrastinate/01.sql was changed after it was applied",
        "0001_a.sql was applied, and there is no such file",
        "0002_b.sql is new, and sorts before 0004_d.sql, which was applied",
        "0003_c.sql was changed after it was applied",
    ]
    assert rows(empty_url, "select count(*) from migration") == [(4,)]


def test_names_are_checked_before_anything_runs(empty_url, folder):
    put(folder, migrations__0001_a="", migrations__0001_b="", **{"migrations__1_Bad-Name": ""})
    with pytest.raises(MigrationError, match=r"(?s)1_Bad-Name\.sql is not named.*number 0001 is used 2 times"):
        run(empty_url, folder)


def test_line_ends_do_not_matter(empty_url, folder):
    put(folder, migrations__0001_a="select 1;\nselect 2;\n")
    run(empty_url, folder)
    put(folder, migrations__0001_a="\ufeffselect 1;\r\nselect 2;\r\n")
    assert run(empty_url, folder) == []


def test_a_changed_function_runs_again(empty_url, folder):
    text = "create or replace function f() returns int language sql as $$ select {} $$;"
    put(folder, functions__f=text.format(1))
    run(empty_url, folder)
    put(folder, functions__f=text.format(2))
    assert run(empty_url, folder) == ["functions/f.sql"]
    assert rows(empty_url, "select f()") == [(2,)]


def test_a_function_that_went_and_came_back_runs_again(empty_url, folder):
    text = "create or replace function f() returns int language sql as $$ select 1 $$;"
    put(folder, functions__f=text)
    run(empty_url, folder)
    (folder / "functions/f.sql").unlink()
    put(folder, migrations__0001_drop="drop function f();")
    assert run(empty_url, folder) == ["0001_drop.sql"]
    put(folder, functions__f=text)
    assert run(empty_url, folder) == ["functions/f.sql"]


def test_four_at_once_share_the_work_even_with_a_concurrent_index(empty_url, folder):
    put(folder, migrations__0001_a="create table a (x int); insert into a select generate_series(1, 1000);")
    put(folder, migrations__0002_i="-- no-transaction\ncreate index concurrently if not exists i on a (x);")
    put(folder, migrations__0003_b="create table b ();")

    async def four() -> list[list[str]]:
        return await asyncio.gather(*(migrate(empty_url, lambda _line: None, sql=folder) for _ in range(4)))

    applied = sorted(asyncio.run(four()), key=len)
    assert applied == [[], [], [], ["0001_a.sql", "0002_i.sql", "0003_b.sql"]]


def test_a_lock_that_stays_held_is_not_waited_for_for_ever(empty_url, folder, monkeypatch):
    monkeypatch.setattr(module, "_LOCK_SECONDS", 0.1)
    lines: list[str] = []
    with psycopg.connect(empty_url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(MigrationError, match="another process has been migrating"):
            asyncio.run(migrate(empty_url, lines.append, sql=folder))
    assert lines == ["another process is migrating; waiting for it"]


def test_a_busy_table_fails_the_migration_rather_than_the_service(empty_url, folder):
    put(folder, migrations__0001_a="create table a ();")
    run(empty_url, folder)
    put(folder, migrations__0002_b="set local lock_timeout = '50ms'; alter table a add x int;")
    with psycopg.connect(empty_url) as other:
        other.execute("select * from a")
        with pytest.raises(MigrationError, match="lock timeout"):
            run(empty_url, folder)


def test_what_is_pending_is_known_from_any_connection(empty_url, folder):
    async def names() -> list[str]:
        async with await psycopg.AsyncConnection.connect(empty_url, row_factory=psycopg.rows.dict_row) as conn:
            return await pending(conn, sql=folder)

    put(folder, migrations__0001_a="select 1;", functions__f="select 1;")
    assert asyncio.run(names()) == ["0001_a.sql", "functions/f.sql"]
    run(empty_url, folder)
    assert asyncio.run(names()) == []
    put(folder, functions__f="select 2;")
    assert asyncio.run(names()) == ["functions/f.sql"]


def test_an_absent_database_is_said_to_be_absent(server, monkeypatch):
    monkeypatch.setattr(module, "PATIENT", 0.0)
    with pytest.raises(MigrationError, match="does not answer"):
        asyncio.run(migrate(server.url("no_such_database"), print))


def test_a_database_that_comes_later_is_waited_for(server, empty_url, folder, monkeypatch):
    monkeypatch.setattr(module, "REACHED_WITHIN", 0.0)
    name, said = psycopg.conninfo.conninfo_to_dict(empty_url)["dbname"], []

    def let_in(state):
        with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
            conn.execute(f'alter database "{name}" allow_connections {state}')

    def report(line):
        said.append(line)
        let_in("true")

    put(folder, migrations__0001_a="select 1;")
    let_in("false")
    assert asyncio.run(migrate(empty_url, report, sql=folder)) == ["0001_a.sql"]
    assert [line.split(":")[0].split(" (")[0] for line in said] == ["waiting for the database", "1/1 0001_a.sql"]
