-- why: WhatsApp and Instagram take free text for 24 hours after a person wrote; then only approved templates, or nothing.

alter table conversation add column window_until timestamptz;
comment on column conversation.window_until is 'Until when free text may be sent; null where the channel knows no window, or nobody has written yet.';
update conversation c set window_until = c.last_message_at + interval '24 hours'
from channel_account a
where a.id = c.channel_account_id and a.channel in ('whatsapp', 'instagram') and c.last_seq > 0;

alter table tenant add column language text not null default 'en';
alter table contact add column language text;
comment on column contact.language is 'Such as en or pt_BR: which translation of a template is taken. null: the tenant''s.';

create table message_template (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    channel_account_id uuid not null references channel_account,
    name               text not null,
    language           text not null,
    category           text not null default 'utility',
    status             text not null default 'approved' check (status in (
                           'approved', 'pending', 'rejected', 'paused', 'disabled', 'removed')),
    kind               text,
    parameters         text[] not null default '{}',
    created_at         timestamptz not null,
    moved_at           timestamptz not null,
    unique (channel_account_id, name, language)
);
comment on table message_template is 'A text the provider has approved, and the kind of message it stands for outside the service window.';
comment on column message_template.kind is 'Which messages it stands for; null: none yet, it was found at the provider.';
comment on column message_template.parameters is 'What fills {{1}}, {{2}}, … of its body: text, subject, contact_name, tenant_name or a fact of the message, each with an optional "|default".';
create index message_template_kind on message_template (channel_account_id, kind) where status = 'approved';
create index message_template_tenant on message_template (tenant_id);

alter table outbound_message add column extra jsonb;
alter table outbound_message add column fallback_of uuid references outbound_message;
comment on column outbound_message.extra is 'The template chosen when it was first sent; every later attempt sends the same.';
comment on column outbound_message.fallback_of is 'The blocked message that this one says on another channel.';
create unique index outbound_message_fallback on outbound_message (fallback_of) where fallback_of is not null;
create index outbound_message_blocked on outbound_message (tenant_id, moved_at) where status = 'blocked';
