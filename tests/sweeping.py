"""What a test left in the shared database goes away: by deleting, which costs a hundredth of truncating."""

from contextlib import suppress

import psycopg

OPTIONS = "-c session_replication_role=replica -c lock_timeout=10s"
OTHERS_END = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""


class Sweeper:
    """One connection to the database at `url`, kept: a new one would read the catalogue of every table anew."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = self._connect()

    def sweep(self) -> None:
        """Delete every row but the ledger's."""
        try:
            self._delete()
        except psycopg.errors.LockNotAvailable:  # a test that failed has left a transaction open
            self._connection.execute(OTHERS_END)
            self._delete()
        except psycopg.OperationalError:  # a test has ended everybody's connections
            self.close()
            self._connection = self._connect()
            self._delete()

    def close(self) -> None:
        with suppress(psycopg.OperationalError):
            self._connection.close()

    def _connect(self) -> psycopg.Connection:
        connection = psycopg.connect(self._url, autocommit=True, options=OPTIONS)
        rows = connection.execute(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration'"
        ).fetchall()
        deletes = "".join(f'delete from "{table}"; ' for (table,) in rows)
        # a function's statements are planned once a connection: an eighth of what they cost when they are sent
        connection.execute(
            f"create function pg_temp.sweep() returns void language plpgsql as $$ begin {deletes} end $$"
        )
        return connection

    def _delete(self) -> None:
        self._connection.execute("select pg_temp.sweep()")
