"""The dump of a schema says the same on every machine, and only what is ours."""

import psycopg
import pytest

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.schema import dump


@pytest.fixture(scope="module")
def postgres():
    try:
        server = EmbeddedPostgres(None, durable=False)
    except EmbeddedPostgresError as error:
        pytest.skip(str(error))
    with server:
        yield server


def test_a_dump_holds_our_objects_and_nothing_else(postgres):
    with psycopg.connect(postgres.url) as conn:
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
    assert dump(postgres.url, postgres.bindir).splitlines()[1:] == EXPECTED.splitlines()


def test_a_failing_dump_says_why(postgres):
    with pytest.raises(EmbeddedPostgresError, match="no_such"):
        dump(postgres.url.replace("/postgres?", "/no_such?"), postgres.bindir)


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
