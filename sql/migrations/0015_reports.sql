-- why: vendors report more than the ladder of receipts: prices, what was played or deleted, news about the account, and
-- what a human of the business wrote in their own app.

alter table outbound_message
    add column pricing    text,
    add column played_at  timestamptz,
    add column deleted_at timestamptz,
    add column warned_at  timestamptz;
comment on column outbound_message.pricing is 'What the vendor says about its price, in its own words.';
comment on column outbound_message.deleted_at is 'The vendor says it was deleted; so with played_at and warned_at, the earliest it said.';

-- an echo may come before the answer to our call did: then only address and text tell whose it is
create index outbound_message_unsettled on outbound_message (identity_id) where status in ('sending', 'unknown');

-- news of a business account names none of its numbers
create index channel_account_owner on channel_account (channel, (settings ->> 'business_account_id'));

create table app_reply (
    id                  uuid primary key default uuid_v7(),
    tenant_id           uuid not null references tenant,
    channel_account_id  uuid not null references channel_account,
    conversation_id     uuid references conversation,
    provider_message_id text not null,
    text                text not null,
    sent_at             timestamptz not null,
    received_at         timestamptz not null,
    redacted_at         timestamptz,
    unique (channel_account_id, provider_message_id)
);
comment on table app_reply is 'What a human of the business wrote in the vendor''s own app. Without a conversation if nobody we know was written to.';
create index app_reply_conversation on app_reply (conversation_id, sent_at);
create index app_reply_bodies on app_reply (received_at) where redacted_at is null;

create table account_notice (
    id                 uuid primary key default uuid_v7(),
    tenant_id          uuid not null references tenant,
    channel_account_id uuid not null references channel_account,
    kind               text not null,
    text               text not null,
    raw                bytea,
    hash               bytea not null,
    at                 timestamptz not null,
    received_at        timestamptz not null,
    redacted_at        timestamptz,
    unique (channel_account_id, hash)
);
comment on table account_notice is 'What a vendor said about an account, once, however often it says so: hash is that of kind and raw.';
create index account_notice_tenant on account_notice (tenant_id, received_at);
create index account_notice_bodies on account_notice (received_at) where redacted_at is null;
