-- why: a vendor that is away is left alone by all workers at once, and a tenant's money has an end.

create table model_breaker (
    provider   text primary key,
    failures   int not null,
    rests_till timestamptz,
    moved_at   timestamptz not null
);
comment on table model_breaker is 'How often in a row a provider gave no answer, and until when nobody asks it.';

create table model_budget (
    tenant_id         uuid primary key references tenant,
    monthly_micro_usd bigint not null check (monthly_micro_usd >= 0),
    at_limit          text not null default 'local' check (at_limit in ('local', 'none'))
);
comment on table model_budget is 'What a tenant may spend on models in a month (UTC), and who answers afterwards: the local model, or nobody.';

create table model_spend (
    tenant_id uuid not null references tenant,
    month     date not null,
    micro_usd bigint not null,
    told_at   timestamptz,
    primary key (tenant_id, month)
);
comment on table model_spend is 'What a tenant spent on models in a month. told_at: operators know that the budget is used up.';

create table pseudonym (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    conversation_id uuid not null references conversation,
    kind            text not null,
    n               int not null,
    sealed          bytea not null,
    created_at      timestamptz not null,
    unique (conversation_id, kind, n)
);
comment on table pseudonym is 'What <KIND_N> stands for in the prompts about a conversation. sealed is encrypted outside the database.';

create table model_thread (
    conversation_id uuid not null references conversation,
    tenant_id       uuid not null references tenant,
    provider        text not null,
    external_id     text not null,
    known           text not null,
    created_at      timestamptz not null,
    primary key (conversation_id, provider)
);
comment on table model_thread is 'A conversation as a provider remembers it: a cache, made anew when it is gone or differs from ours.';
comment on column model_thread.known is 'Hash of the last answer that the provider knows of.';
create index pseudonym_age on pseudonym (created_at);
create index model_thread_age on model_thread (created_at);
