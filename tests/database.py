"""The Postgres that the tests run on.

`choose()` takes the first that this machine has: the server of TEST_DATABASE_URL (never DATABASE_URL: tests empty what
they use), the embedded one, a container. TEST_PG=url|embedded|docker forces one; TEST_PG_VERSION picks the container's.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.embedded import EmbeddedPostgres


class NoServerError(Exception):
    """This kind of server cannot be had here."""


class TestServer:
    """A running Postgres on which databases are made, cloned and dropped.

    `why` says what was chosen and why the others were not; `source` is the binaries' origin where it is embedded.
    """

    __test__ = False  # for pytest, which would collect it by its name

    def __init__(self, admin_url: str, *, kind: str, why: str = "", source: str = "", stop: Callable[[], Any]) -> None:
        self.admin_url = admin_url
        self.kind = kind  # url, embedded or docker
        self.why = why
        self.source = source
        self._stop = stop
        with psycopg.connect(admin_url) as conn:
            self.version: int = conn.info.server_version // 10000
            self.full_version = conn.execute("show server_version").fetchone()[0].split()[0]

    @property
    def header(self) -> str:
        """The line that stands over a test run."""
        return f"postgres: {self.full_version}, {self.why}"

    def url(self, dbname: str) -> str:
        """Where the database of that name is."""
        return urlsplit(self.admin_url)._replace(path=f"/{dbname}").geturl()

    def create(self, name: str) -> str:
        """An empty database, in place of one that a former run left; its URL."""
        self.drop(name)
        self._run("create database {} template template0", name)
        return self.url(name)

    def create_template(self, name: str, fill: Callable[[str], Any]) -> str:
        """A database to be cloned, filled by `fill(url)`, which must leave no connection open."""
        fill(self.create(name))
        return name

    def clone(self, template: str, name: str) -> str:
        """A copy of the template; its URL."""
        self.drop(name)
        # copying files costs a checkpoint, and is quicker than the log where nothing is synced
        strategy = " strategy file_copy" if self.kind == "embedded" else ""
        self._run("create database {} template {}" + strategy, name, template)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove the database, whoever is connected."""
        self._run("drop database if exists {} with (force)", name)

    def stop(self) -> None:
        """Let go of the server; ends it where it is ours."""
        self._stop()

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as conn:
            conn.execute("set client_min_messages = warning")
            conn.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def choose(environ: Mapping[str, str] = os.environ) -> TestServer:
    """Start or find a server; raises NoServerError when there is none, or not the one that TEST_PG names."""
    forced = environ.get("TEST_PG", "")
    if forced and forced not in _WAYS:
        raise NoServerError(f"TEST_PG={forced}: one of {', '.join(_WAYS)}")
    skipped = []
    for kind in [forced] if forced else _WAYS:
        try:
            server = _WAYS[kind](environ)
        except (NoServerError, EmbeddedPostgresError) as error:
            skipped.append(f"not {kind}: {str(error).splitlines()[0]}")
        else:
            server.why = "; ".join([server.why, *(["forced by TEST_PG"] if forced else skipped)])
            return server
    raise NoServerError("no Postgres to test on\n  " + "\n  ".join(skipped))


def _given(environ: Mapping[str, str]) -> TestServer:
    url = environ.get("TEST_DATABASE_URL", "")
    if not url:
        raise NoServerError("TEST_DATABASE_URL is not set")
    return TestServer(url, kind="url", why="the server of TEST_DATABASE_URL", stop=lambda: None)


def _embedded(_environ: Mapping[str, str]) -> TestServer:
    server = EmbeddedPostgres(None, durable=False)
    server.start()
    why = f"embedded, binaries from {server.binaries.source}"
    return TestServer(server.url, kind="embedded", why=why, source=server.binaries.source, stop=server.stop)


def _docker(environ: Mapping[str, str]) -> TestServer:
    import docker  # noqa: PLC0415 - these three only where they are needed: 0.15 s
    from docker.errors import DockerException  # noqa: PLC0415
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415

    image = f"postgres:{environ.get('TEST_PG_VERSION') or '18'}"
    try:
        docker.from_env(timeout=3).ping()
        container = PostgresContainer(image, driver=None).with_command(
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        )
        container.start()
    except DockerException as error:
        raise NoServerError(f"no Docker engine answers ({error})") from error
    return TestServer(container.get_connection_url(), kind="docker", why=f"container {image}", stop=container.stop)


_WAYS: Mapping[str, Callable[[Mapping[str, str]], TestServer]] = {
    "url": _given,
    "embedded": _embedded,
    "docker": _docker,
}
