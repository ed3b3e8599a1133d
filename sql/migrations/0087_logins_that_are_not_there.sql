-- why: a login that only locks when somebody has it tells whoever guesses that somebody has it.

create table login_try (
    login_hash   bytea primary key,
    failures     integer not null,
    locked_until timestamptz,
    tried_at     timestamptz not null
);
comment on table login_try is 'Wrong passwords for a login since the last right one, whether or not anybody has that login. Only its SHA-256: people type passwords there.';
comment on column login_try.failures is 'Every fifth locks the login for a while.';
create index login_try_age on login_try (tried_at);

alter table operator drop column failures, drop column locked_until;
