-- why: a client that got no answer asks again, and what it asked for must not happen twice.

create table idempotent_request (
    tenant_id    uuid not null references tenant,
    key          text not null check (length(key) between 1 and 255),
    fingerprint  bytea not null,
    status       int not null check (status between 200 and 399),
    headers      jsonb not null,
    body         bytea not null,
    created_at   timestamptz not null,
    primary key (tenant_id, key)
);
comment on table idempotent_request is 'The answer to a request that came with an Idempotency-Key, kept for a day, in the transaction of what the request did.';
comment on column idempotent_request.fingerprint is 'SHA-256 of method, path, query and body: another request under the same key is refused.';
comment on column idempotent_request.body is 'Encrypted outside the database: an answer may hold what is shown only once.';
create index idempotent_request_old on idempotent_request (created_at);
