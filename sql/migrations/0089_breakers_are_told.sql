-- why: a provider that nobody asks any more is news for whoever runs the machine, once, and old news when it answers.

alter table model_breaker add column id uuid not null unique default uuid_v7(), add column told_tenant_id uuid references tenant;
comment on column model_breaker.told_tenant_id is 'Whose operators know that it rests, until it answers again.';
