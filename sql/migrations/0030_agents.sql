-- why: an agent that answers needs instructions, models and manners of its own, and a past that stays readable.

create table prompt (
    id          uuid primary key default uuid_v7(),
    tenant_id   uuid not null references tenant,
    name        text not null,
    external_id text,
    created_at  timestamptz not null,
    unique (tenant_id, name),
    unique (tenant_id, external_id)
);
comment on table prompt is 'The instructions of agents, by name; their texts are its versions.';
comment on column prompt.external_id is 'What the tenant or its model provider calls it, such as pmpt_…; null: only we know it.';

create table prompt_version (
    id         uuid primary key default uuid_v7(),
    tenant_id  uuid not null references tenant,
    prompt_id  uuid not null references prompt,
    number     int not null check (number > 0),
    text       text not null check (text <> ''),
    created_at timestamptz not null,
    unique (prompt_id, number)
);
comment on table prompt_version is 'One text of a prompt, never changed: answers name the version they were given under. The newest is used.';

alter table agent
    add column settings              jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
    add column models                jsonb not null default '{}' check (jsonb_typeof(models) = 'object'),
    add column prompt_id             uuid references prompt,
    add column quiet_seconds         double precision not null default 0 check (quiet_seconds between 0 and 8),
    add column answer_within_seconds int check (answer_within_seconds > 0),
    add column updated_at            timestamptz not null default now(),
    add column archived_at           timestamptz,
    add check (not live or archived_at is null);
comment on column agent.settings is 'Of each skill, by its name.';
comment on column agent.models is 'For each purpose (reply, extract, …) the models to ask, the preferred one first.';
comment on column agent.quiet_seconds is 'How long nobody must have written before it answers; 0: every message is answered as it comes.';
comment on column agent.answer_within_seconds is 'Messages written longer ago are kept, not answered; null: never too old.';
create index agent_prompt on agent (prompt_id) where prompt_id is not null;

create table archive (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    channel_account_id uuid not null references channel_account,
    old_agent_id       uuid not null references agent,
    new_agent_id       uuid references agent,
    archived_at        timestamptz not null
);
comment on table archive is 'One time that an account got another agent (or none): the conversations of the old one, closed and kept.';
create index archive_tenant on archive (tenant_id, archived_at);
create index archive_account on archive (channel_account_id);

alter table conversation
    add column archive_id uuid references archive,
    add column closed_at  timestamptz,
    add column reason     text,
    add column moved_at   timestamptz;
comment on column conversation.reason is 'Why it has its status.';
comment on column conversation.moved_at is 'When its status last changed; null: never.';
create index conversation_archive on conversation (archive_id) where archive_id is not null;
