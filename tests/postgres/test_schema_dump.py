"""The dump of a schema says the same on every machine, and only what is ours."""

from urllib.parse import urlsplit

import psycopg
import pytest

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.binaries import find
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.schema import dump


@pytest.fixture
def dumped(server, request):
    """The URL of an empty database, and where the programs of its server's version are."""
    if server.kind == "embedded":
        yield request.getfixturevalue("empty_url"), find().bindir
        return
    try:
        own = EmbeddedPostgres(None, durable=False)
    except EmbeddedPostgresError as error:
        pytest.skip(str(error))
    with own:
        yield own.url, own.bindir


def test_a_dump_holds_our_objects_and_nothing_else(dumped):
    url, bindir = dumped
    with psycopg.connect(url) as conn:
        conn.execute(
            """
            create table procrastinate_jobs (id int primary key);
            create function procrastinate_x(a int, b int) returns int language sql as 'select 1';
            create index ours on procrastinate_jobs (id);
            create index idx_procrastinate_theirs on procrastinate_jobs (id);
            create table task (id int primary key, note text default '-- SET x');
            comment on table task is 'A follow-up.';
            create function move(a int, b text) returns int language sql as $$
            select 1;
            $$;
            """
        )
    assert dump(url, bindir).splitlines()[1:] == EXPECTED.splitlines()


def test_a_failing_dump_says_why(dumped):
    url, bindir = dumped
    with pytest.raises(EmbeddedPostgresError, match="no_such"):
        dump(urlsplit(url)._replace(path="/no_such").geturl(), bindir)


EXPECTED = """

-- function move

CREATE FUNCTION public.move(a integer, b text) RETURNS integer
    LANGUAGE sql
    AS $$
            select 1;
            $$;


-- table task

CREATE TABLE public.task (
    id integer NOT NULL,
    note text DEFAULT '-- SET x'::text
);


-- comment TABLE task

COMMENT ON TABLE public.task IS 'A follow-up.';


-- constraint task task_pkey

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);


-- index ours

CREATE INDEX ours ON public.procrastinate_jobs USING btree (id);
"""
