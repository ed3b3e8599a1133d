-- why: what models are asked costs money and can go wrong; both must be seen afterwards.

create table model_call (
    id              uuid primary key default uuid_v7(),
    tenant_id       uuid not null references tenant,
    conversation_id uuid references conversation,
    provider        text not null,
    model           text,
    purpose         text not null check (purpose in ('extract', 'draft', 'reply', 'score', 'summarise')),
    prompt_version  text not null,
    prompt_hash     text not null,
    outcome         text not null check (outcome in ('answered', 'unavailable', 'refused')),
    error           text,
    request_id      text,
    input_tokens    int not null,
    cached_tokens   int not null,
    output_tokens   int not null,
    cost_micro_usd  bigint not null,
    latency_ms      int not null,
    prompt          jsonb,
    answer          jsonb,
    created_at      timestamptz not null,
    redacted_at     timestamptz
);
comment on table model_call is 'One question to one model. prompt and answer are kept only where MODEL_LOG_DAYS says so, and without personal data.';
comment on column model_call.provider is 'The name in MODELS; model is what the provider calls the one that answered.';
comment on column model_call.input_tokens is 'Every token that was read, cached_tokens among them.';
comment on column model_call.cost_micro_usd is 'Millionths of a US dollar, by the price list of the day.';
create index model_call_tenant on model_call (tenant_id, created_at);
create index model_call_conversation on model_call (conversation_id) where conversation_id is not null;
create index model_call_age on model_call (created_at);
create index model_call_bodies on model_call (created_at) where prompt is not null;
